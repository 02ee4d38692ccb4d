namespace Mhi.Generators.Models;

/// <summary>What all channel files of a project produce together.</summary>
internal sealed record GeneratedFiles(
    EquatableArray<TableModel> Tables,
    EquatableArray<ChannelModel> Channels,
    EquatableArray<DiagnosticInfo> Diagnostics);
