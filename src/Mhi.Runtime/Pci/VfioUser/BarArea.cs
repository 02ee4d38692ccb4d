namespace Mhi.Pci.VfioUser;

/// <summary>A part of a BAR.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct BarArea(ulong Offset, ulong Length);
