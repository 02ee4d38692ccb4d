using System.Collections.Generic;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Mhi.Generators.Tests.Infrastructure;

/// <summary>What a build hands to the generator beside the files: properties and file metadata.</summary>
internal sealed class ProjectOptions(string? rootNamespace) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(("build_property.RootNamespace", rootNamespace));

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Options();

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
        new Options(
            ("build_metadata.AdditionalFiles.MhiChannels", (textFile as ChannelFile)?.Marked),
            ("build_metadata.AdditionalFiles.MhiProfile", (textFile as ChannelFile)?.MarkedProfile));

    private sealed class Options(params (string Key, string? Value)[] values) : AnalyzerConfigOptions
    {
        private readonly ImmutableDictionary<string, string> _values = values
            .Where(value => value.Value is not null)
            .ToImmutableDictionary(value => value.Key, value => value.Value!, KeyComparer);

        public override IEnumerable<string> Keys => _values.Keys;

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => _values.TryGetValue(key, out value);
    }
}
