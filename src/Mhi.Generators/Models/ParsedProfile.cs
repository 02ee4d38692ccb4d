namespace Mhi.Generators.Models;

/// <summary>A profile file after parsing: everything that was readable, and what was wrong with the rest.</summary>
internal sealed record ParsedProfile(
    string Path,
    ParsedObject File,
    EquatableArray<ParsedObject> PciIds,
    EquatableArray<ParsedObject> Channels,
    EquatableArray<ParsedObject> EventRings,
    EquatableArray<DiagnosticInfo> Diagnostics);
