namespace Mhi.Pci;

/// <summary>A base address register of a function, as the kernel has set it up.</summary>
/// <param name="Index">0 to 5.</param>
/// <param name="Length">Bytes behind it.</param>
/// <param name="IsMemory">Memory, not I/O ports.</param>
public readonly record struct PciBar(int Index, ulong Length, bool IsMemory);
