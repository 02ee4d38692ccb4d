using System.Globalization;
using System.Linq;
using System.Text;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;

namespace Mhi.Generators.Validation;

/// <summary>What a channel name has to satisfy to become part of a device node and a class.</summary>
internal static class ChannelNames
{
    private const string ClassSuffix = "Channel";

    /// <summary>Finds what is wrong with a name, or nothing.</summary>
    public static DiagnosticInfo? Check(Located<string> name)
    {
        string text = name.Value;
        if (text.Length == 0)
        {
            return DiagnosticInfo.Create(Descriptors.NameEmpty, name.Place);
        }

        if (NodeFault(text) is { } nodeFault)
        {
            return DiagnosticInfo.Create(Descriptors.NameNotNode, name.Place, Printable(text), nodeFault);
        }

        if (text.Length > ChannelFileFormat.MaxNameLength)
        {
            return DiagnosticInfo.Create(
                Descriptors.NameTooLong, name.Place, Number(text.Length), Number(ChannelFileFormat.MaxNameLength));
        }

        return IdentifierFault(text) is { } identifierFault
            ? DiagnosticInfo.Create(Descriptors.NameNotIdentifier, name.Place, Printable(text), identifierFault)
            : null;
    }

    /// <summary>
    /// The class name of a legal channel name: words are split at <c>_</c>, <c>-</c> and <c>.</c>, each starts with a capital,
    /// and a word without any lower-case letter gets the rest in lower case (<c>IP_HW0_MBIM</c>: <c>IpHw0MbimChannel</c>).
    /// </summary>
    public static string ClassName(string name)
    {
        StringBuilder result = new();
        foreach (string word in name.Split('_', '-', '.').Where(word => word.Length > 0))
        {
            string rest = word.Substring(1);
            result.Append(char.ToUpperInvariant(word[0]));
            result.Append(word.Any(IsLowerLetter) ? rest : rest.ToLowerInvariant());
        }

        return result.Append(ClassSuffix).ToString();
    }

    private static string? NodeFault(string name)
    {
        if (name is "." or "..")
        {
            return "it is the name of a directory";
        }

        foreach (char character in name)
        {
            if (character == '/')
            {
                return "'/' separates directories";
            }

            if (char.IsControl(character))
            {
                return $"it contains the control character U+{((int)character).ToString("X4", CultureInfo.InvariantCulture)}";
            }

            if (char.IsWhiteSpace(character))
            {
                return "it contains white space";
            }
        }

        return null;
    }

    private static string? IdentifierFault(string name)
    {
        foreach (char character in name)
        {
            if (!IsLetter(character) && !IsDigit(character) && character is not ('_' or '-' or '.'))
            {
                return $"it contains '{Printable(character.ToString())}'. Use the letters A to Z, digits, '_', '-' and '.' only.";
            }
        }

        char first = name.FirstOrDefault(character => IsLetter(character) || IsDigit(character));
        return first == default ? "it has no letter. Use a name with letters."
            : IsDigit(first) ? "a class name cannot begin with a digit. Use a name that begins with a letter."
            : null;
    }

    /// <summary>Keeps a hostile name from breaking the line a build log prints it on.</summary>
    private static string Printable(string text) =>
        new([.. text.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '\uFFFD' : character)]);

    private static bool IsLetter(char character) => character is (>= 'A' and <= 'Z') or (>= 'a' and <= 'z');

    private static bool IsLowerLetter(char character) => character is >= 'a' and <= 'z';

    private static bool IsDigit(char character) => character is >= '0' and <= '9';

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
