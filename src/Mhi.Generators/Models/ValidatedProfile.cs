namespace Mhi.Generators.Models;

/// <summary>A profile file on its own.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Id">The name it gives itself.</param>
/// <param name="PciIds">Its PCI IDs, with their places.</param>
/// <param name="Model">The profile; null if something is wrong with the file.</param>
/// <param name="Diagnostics">What parser and validator found wrong.</param>
internal sealed record ValidatedProfile(
    string Path,
    Located<string>? Id,
    EquatableArray<Located<PciIdModel>> PciIds,
    ProfileModel? Model,
    EquatableArray<DiagnosticInfo> Diagnostics);
