using System.Text;
using System.Text.RegularExpressions;

namespace Mhi.Generators.Validation;

/// <summary>Names of profiles and of the properties they become.</summary>
internal static class ProfileIds
{
    private static readonly Regex s_form = new(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant);

    public static bool IsValid(string id) => id.Length <= ProfileFileFormat.MaxIdLength && s_form.IsMatch(id);

    /// <summary>
    /// The property of a valid name: words are joined, and a letter is a capital where a word begins or a digit comes before
    /// it (<c>foxconn-t99w175</c>: <c>FoxconnT99W175</c>).
    /// </summary>
    public static string PropertyName(string id)
    {
        StringBuilder result = new();
        bool capital = true;
        foreach (char character in id)
        {
            if (character != '-')
            {
                result.Append(capital ? char.ToUpperInvariant(character) : character);
            }

            capital = character is < 'a' or > 'z';
        }

        return result.ToString();
    }
}
