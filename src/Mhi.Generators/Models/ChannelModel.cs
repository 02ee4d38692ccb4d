namespace Mhi.Generators.Models;

/// <summary>All that one generated channel class depends on. No positions: a white-space edit must not change it.</summary>
internal sealed record ChannelModel(
    string FileName,
    string Namespace,
    string Accessibility,
    string ClassName,
    string Name,
    int Mtu,
    ChannelDirections Directions,
    int PoolDepth,
    bool DeliverEmptyPackets,
    WritePolicy WritePolicy,
    string Description)
{
    public string FullName => $"global::{Namespace}.{ClassName}";
}
