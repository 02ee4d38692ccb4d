using Mhi.Channels;

namespace Mhi.Controller;

/// <summary>What a client wants of a channel: its definition's constants as values.</summary>
internal readonly record struct ChannelOptions(string Name, int Mtu, ChannelDirections Directions, int PoolDepth, bool DeliverEmptyPackets);
