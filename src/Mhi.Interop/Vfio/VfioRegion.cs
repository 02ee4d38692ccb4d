using System.Collections.Immutable;

namespace Mhi.Interop.Vfio;

/// <summary>A region of a device: a BAR, or its configuration space.</summary>
/// <param name="Index">Number of the BAR, or <see cref="Configuration"/>.</param>
/// <param name="Size">Bytes; 0 for a BAR that the device does not have.</param>
/// <param name="Offset">Where it begins in the device's file.</param>
/// <param name="Areas">The parts that can be mapped, as offset and length; empty when none can.</param>
public sealed record VfioRegion(uint Index, ulong Size, ulong Offset, ImmutableArray<(ulong Offset, ulong Length)> Areas)
{
    /// <summary>Index of the configuration space.</summary>
    public const uint Configuration = 7;
}
