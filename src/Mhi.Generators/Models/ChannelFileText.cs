namespace Mhi.Generators.Models;

/// <summary>A channel file as the compiler handed it over; no content means that it could not be read.</summary>
internal sealed record ChannelFileText(string Path, string? Content);
