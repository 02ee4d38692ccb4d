namespace Mhi.Generators.Models;

/// <summary>All profile files of a project together; no profile means that nothing is written.</summary>
internal sealed record ProfileTableModel(
    string Namespace,
    EquatableArray<ProfileModel> Profiles,
    EquatableArray<DiagnosticInfo> Diagnostics);
