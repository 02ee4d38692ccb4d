namespace Mhi.Generators.Models;

/// <summary>A channel file after parsing: everything that was readable, and what was wrong with the rest.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Start">First character of the document, where complaints about the whole file go.</param>
/// <param name="Namespace">The namespace asked for.</param>
/// <param name="Accessibility">The accessibility asked for.</param>
/// <param name="Channels">The complete objects of the <c>channels</c> array, in order.</param>
/// <param name="Complete">Whether the document was read to its end without a syntax error.</param>
/// <param name="Diagnostics">What the parser found wrong.</param>
internal sealed record ParsedFile(
    string Path,
    SourcePlace Start,
    Located<string>? Namespace,
    Located<string>? Accessibility,
    EquatableArray<ParsedChannel> Channels,
    bool Complete,
    EquatableArray<DiagnosticInfo> Diagnostics);
