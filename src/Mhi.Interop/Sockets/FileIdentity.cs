namespace Mhi.Interop.Sockets;

/// <summary>What tells one open file from another, however many descriptors lead to it.</summary>
/// <param name="Device">Number of the file system.</param>
/// <param name="Inode">Number of the file in it.</param>
public readonly record struct FileIdentity(ulong Device, ulong Inode);
