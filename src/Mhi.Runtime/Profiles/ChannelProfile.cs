using Mhi.Protocol;

namespace Mhi.Profiles;

/// <summary>One channel of a device family: one direction of one name.</summary>
/// <param name="Number">Channel number, 0 to 126.</param>
/// <param name="Name">Name; the two directions of a pair share it.</param>
/// <param name="Type">Direction.</param>
/// <param name="Elements">Elements of the transfer ring, a power of two.</param>
/// <param name="EventRing">Event ring that receives its completions.</param>
/// <param name="Environment">Execution environment in which the channel exists.</param>
/// <param name="BurstMode">Whether the device polls the write pointer instead of waiting for doorbells.</param>
public sealed record ChannelProfile(
    byte Number,
    string Name,
    ChannelType Type,
    int Elements,
    int EventRing,
    ExecutionEnvironment Environment,
    BurstMode BurstMode);
