using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Mhi.Generators.Models;

/// <summary>A place in a channel file as plain values: a <see cref="Location"/> in a model would defeat caching.</summary>
internal readonly record struct SourcePlace(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public Location ToLocation() => Location.Create(Path, Span, Lines);
}
