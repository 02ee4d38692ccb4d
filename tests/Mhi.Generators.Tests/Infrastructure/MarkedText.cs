using System.Collections.Generic;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Mhi.Generators.Tests.Infrastructure;

/// <summary>Text in which <c>«</c> and <c>»</c> enclose the places a test expects diagnostics at.</summary>
internal sealed class MarkedText
{
    private MarkedText(string text, IReadOnlyList<LinePositionSpan> places) => (Text, Places) = (text, places);

    public string Text { get; }

    public IReadOnlyList<LinePositionSpan> Places { get; }

    public static MarkedText Parse(string marked)
    {
        StringBuilder text = new();
        List<LinePositionSpan> places = [];
        LinePosition start = default;
        foreach (char character in marked)
        {
            switch (character)
            {
                case '«':
                    start = End(text);
                    break;
                case '»':
                    places.Add(new LinePositionSpan(start, End(text)));
                    break;
                default:
                    text.Append(character);
                    break;
            }
        }

        return new MarkedText(text.ToString(), places);
    }

    private static LinePosition End(StringBuilder text)
    {
        string[] lines = text.ToString().Split('\n');
        return new LinePosition(lines.Length - 1, lines[^1].Length);
    }
}
