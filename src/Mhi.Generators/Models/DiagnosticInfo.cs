using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Models;

/// <summary>A diagnostic before it is reported: descriptor, place and message arguments, all compared by value.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, SourcePlace Place, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, SourcePlace place, params string[] arguments) =>
        new(descriptor, place, new EquatableArray<string>(ImmutableArray.Create(arguments)));

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Place.ToLocation(), Arguments.ToArray<object>());
}
