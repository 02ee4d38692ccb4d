namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>What the other side said of itself in VERSION.</summary>
/// <param name="MaxDescriptors">Most descriptors it takes with one message.</param>
/// <param name="MaxTransfer">Most bytes it takes in one access.</param>
/// <param name="PageSizes">Sizes of pages it maps, or-ed.</param>
/// <param name="MaxMappings">Most mappings at a time.</param>
internal readonly record struct PeerCapabilities(int MaxDescriptors, int MaxTransfer, ulong PageSizes, int MaxMappings)
{
    /// <summary>What holds for a side that says nothing.</summary>
    internal static PeerCapabilities Default { get; } = new(1, 1 << 20, 4096, 65535);
}
