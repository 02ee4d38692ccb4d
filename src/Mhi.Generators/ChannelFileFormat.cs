using System.Collections.Immutable;

namespace Mhi.Generators;

/// <summary>The words and limits of <c>channels.json</c>; <c>channels.schema.json</c> says the same to an editor.</summary>
internal static class ChannelFileFormat
{
    /// <summary>An additional file of this name is a channel file unless its project marks it otherwise.</summary>
    public const string FileName = "channels.json";

    public const string Schema = "$schema";
    public const string Namespace = "namespace";
    public const string Accessibility = "accessibility";
    public const string Channels = "channels";

    public const string Name = "name";
    public const string Mtu = "mtu";
    public const string Direction = "direction";
    public const string PoolDepth = "poolDepth";
    public const string DeliverEmptyPackets = "deliverEmptyPackets";
    public const string WritePolicy = "writePolicy";
    public const string Description = "description";

    /// <summary>One entry per device node, and a machine has 128 minors for them.</summary>
    public const int MaxChannels = 128;

    /// <summary>A channel name is 32 bytes with its terminating zero in the MHI bus's own tables.</summary>
    public const int MaxNameLength = 31;

    /// <summary>Lengths in transfer and event ring elements are 16 bits wide.</summary>
    public const int MaxMtu = 0xffff;

    public const int MaxPoolDepth = 32768;

    public static readonly ImmutableArray<string> FileProperties =
        ImmutableArray.Create(Schema, Namespace, Accessibility, Channels);

    public static readonly ImmutableArray<string> ChannelProperties =
        ImmutableArray.Create(Name, Mtu, Direction, PoolDepth, DeliverEmptyPackets, WritePolicy, Description);

    public static readonly ImmutableArray<string> Accessibilities = ImmutableArray.Create("public", "internal");

    public static readonly ImmutableArray<string> Directions = ImmutableArray.Create("both", "uplink", "downlink");

    public static readonly ImmutableArray<string> WritePolicies = ImmutableArray.Create("wholeMessage", "eager");
}
