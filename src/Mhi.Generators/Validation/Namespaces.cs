using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace Mhi.Generators.Validation;

/// <summary>Checks namespaces people wrote and makes one where they wrote none.</summary>
internal static class Namespaces
{
    private const string Fallback = "Mhi.Generated";

    public static bool IsValid(string name) => name.Split('.').All(IsIdentifier);

    /// <summary>
    /// The namespace of a file that names none: the project's root namespace, made legal the way project templates do it, or
    /// <c>Mhi.Generated</c> for a project without one.
    /// </summary>
    public static string Default(string? rootNamespace)
    {
        if (rootNamespace is null || rootNamespace.Trim().Length == 0)
        {
            return Fallback;
        }

        return string.Join(".", rootNamespace.Trim().Split('.').Select(Legalise));
    }

    private static string Legalise(string segment)
    {
        string legal = new([.. segment.Select(character => SyntaxFacts.IsIdentifierPartCharacter(character) ? character : '_')]);
        return IsIdentifier(legal) ? legal : "_" + legal;
    }

    // Contextual keywords such as "record" are legal here; reserved ones would need an '@' in front of every use.
    private static bool IsIdentifier(string segment) =>
        SyntaxFacts.IsValidIdentifier(segment) && SyntaxFacts.GetKeywordKind(segment) == SyntaxKind.None;
}
