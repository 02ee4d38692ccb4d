namespace Mhi.Generators.Models;

/// <summary>Directions of a channel; the names are those of the run-time enumeration.</summary>
internal enum ChannelDirections
{
    Both,
    Uplink,
    Downlink,
}
