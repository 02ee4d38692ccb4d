namespace Mhi.Generators.Models;

/// <summary>A property of a profile file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Advice">What to add where it is missing; null if it may be.</param>
internal sealed record PropertyFormat(string Name, PropertyKind Kind, string? Advice = null);
