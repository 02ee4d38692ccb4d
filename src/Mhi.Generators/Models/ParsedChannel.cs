namespace Mhi.Generators.Models;

/// <summary>
/// One object of the <c>channels</c> array. A property is null when it is absent or was no token of its type. Numbers are
/// kept as written: their range is the validator's business.
/// </summary>
internal sealed record ParsedChannel(
    SourcePlace Start,
    Located<string>? Name,
    Located<string>? Mtu,
    Located<string>? Direction,
    Located<string>? PoolDepth,
    Located<bool>? DeliverEmptyPackets,
    Located<string>? WritePolicy,
    Located<string>? Description);
