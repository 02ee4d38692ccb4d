namespace Mhi.Generators;

/// <summary>Names of the pipeline's stages, under which tests look up whether a stage ran again.</summary>
internal static class TrackingNames
{
    public const string ChannelFiles = nameof(ChannelFiles);
    public const string RootNamespace = nameof(RootNamespace);
    public const string Text = nameof(Text);
    public const string Parsed = nameof(Parsed);
    public const string Validated = nameof(Validated);
    public const string Resolved = nameof(Resolved);
    public const string Diagnostics = nameof(Diagnostics);
    public const string Channels = nameof(Channels);
    public const string Tables = nameof(Tables);
    public const string ProfileFiles = nameof(ProfileFiles);
    public const string ProfileTexts = nameof(ProfileTexts);
    public const string ParsedProfiles = nameof(ParsedProfiles);
    public const string ValidatedProfiles = nameof(ValidatedProfiles);
    public const string ResolvedProfiles = nameof(ResolvedProfiles);
    public const string ProfileDiagnostics = nameof(ProfileDiagnostics);
    public const string ProfileTable = nameof(ProfileTable);
}
