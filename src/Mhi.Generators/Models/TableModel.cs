namespace Mhi.Generators.Models;

/// <summary>All that one generated table class depends on. No positions: a white-space edit must not change it.</summary>
internal sealed record TableModel(
    string FileName,
    string Namespace,
    string Accessibility,
    EquatableArray<ChannelModel> Channels);
