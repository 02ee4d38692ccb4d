using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Mhi.Generators.Tests.Infrastructure;

/// <summary>An additional file held in memory; no content stands for a file that cannot be read.</summary>
internal sealed class ChannelFile(string? content, string path = "channels.json", string? marked = null, string? markedProfile = null)
    : AdditionalText
{
    public override string Path { get; } = path;

    /// <summary>What the project's metadata says of it; null when it says nothing.</summary>
    public string? Marked { get; } = marked;

    /// <summary>The same for profile files.</summary>
    public string? MarkedProfile { get; } = markedProfile;

    public override SourceText? GetText(CancellationToken cancellationToken = default) =>
        content is null ? null : SourceText.From(content);
}
