namespace Mhi.Generators.Models;

/// <summary>A channel of a profile; words are those of the file.</summary>
internal sealed record ProfileChannelModel(
    int Number, string Name, string Direction, int Elements, int EventRing, string Environment, bool Burst);
