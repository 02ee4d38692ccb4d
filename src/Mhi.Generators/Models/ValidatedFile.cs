namespace Mhi.Generators.Models;

/// <summary>A channel file on its own: what it would generate, and everything wrong with it.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Table">What is valid, ready for the writers.</param>
/// <param name="NamespacePlace">Where to complain about the namespace.</param>
/// <param name="NamespaceIsIntended">
/// Whether the namespace is the one the author meant, and not a stand-in for one that could not be read.
/// </param>
/// <param name="Diagnostics">What parser and validator found wrong.</param>
internal sealed record ValidatedFile(
    string Path,
    TableModel Table,
    SourcePlace NamespacePlace,
    bool NamespaceIsIntended,
    EquatableArray<DiagnosticInfo> Diagnostics);
