using Mhi.Channels;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>LOOPBACK with an MTU that keeps chains short to write down.</summary>
internal readonly struct SmallLoopback : IChannelDefinition
{
    public static string Name => "LOOPBACK";

    public static int Mtu => 100;

    public static ChannelDirections Directions => ChannelDirections.Both;

    public static int PoolDepth => 0;

    public static bool DeliverEmptyPackets => false;

    public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
}

/// <summary>The same, four buffers deep, eager, with empty packets delivered.</summary>
internal readonly struct EagerLoopback : IChannelDefinition
{
    public static string Name => "LOOPBACK";

    public static int Mtu => 100;

    public static ChannelDirections Directions => ChannelDirections.Both;

    public static int PoolDepth => 4;

    public static bool DeliverEmptyPackets => true;

    public static WritePolicy WritePolicy => WritePolicy.Eager;
}

/// <summary>LOOPBACK as the match table of the original driver has it.</summary>
internal readonly struct FullLoopback : IChannelDefinition
{
    public static string Name => "LOOPBACK";

    public static int Mtu => 0x1000;

    public static ChannelDirections Directions => ChannelDirections.Both;

    public static int PoolDepth => 0;

    public static bool DeliverEmptyPackets => false;

    public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
}

/// <summary>The accelerated data channel: burst mode, moderated event rings of its own.</summary>
internal readonly struct HardwareData : IChannelDefinition
{
    public static string Name => "IP_HW0_MBIM";

    public static int Mtu => 2048;

    public static ChannelDirections Directions => ChannelDirections.Both;

    public static int PoolDepth => 0;

    public static bool DeliverEmptyPackets => false;

    public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
}

/// <summary>A channel that the default profile has no row for.</summary>
internal readonly struct UnknownChannel : IChannelDefinition
{
    public static string Name => "loopback";

    public static int Mtu => 100;

    public static ChannelDirections Directions => ChannelDirections.Both;

    public static int PoolDepth => 0;

    public static bool DeliverEmptyPackets => false;

    public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
}
