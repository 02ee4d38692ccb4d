using System.Collections.Immutable;
using Mhi.Interop.Sockets;

namespace Mhi.Pci.VfioUser;

/// <summary>What the server says of a region.</summary>
/// <param name="Flags">What can be done with it.</param>
/// <param name="Length">Its length in bytes; 0 when there is none.</param>
/// <param name="FileOffset">Where it begins in the file that may be mapped.</param>
/// <param name="Areas">Which parts may be mapped.</param>
/// <param name="File">The file; belongs to who asked. Null when nothing may be mapped.</param>
internal sealed record RegionDescription(uint Flags, ulong Length, ulong FileOffset, ImmutableArray<BarArea> Areas, FileDescriptor? File);
