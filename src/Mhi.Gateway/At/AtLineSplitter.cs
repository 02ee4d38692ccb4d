using System;
using System.Text;

namespace Mhi.Gateway.At;

/// <summary>Cuts what a modem sends into lines. Carriage return and line feed both end one; empty lines are left out.</summary>
internal sealed class AtLineSplitter
{
    private readonly StringBuilder _line = new();

    /// <summary>Takes characters up to the end of a line.</summary>
    /// <param name="characters">What was received; shortened by what was taken.</param>
    /// <param name="line">The line without its end; null when more characters are needed.</param>
    /// <returns>Whether there is a line.</returns>
    internal bool TryTake(ref ReadOnlySpan<byte> characters, out string? line)
    {
        for (int i = 0; i < characters.Length; i++)
        {
            if (characters[i] is not ((byte)'\r' or (byte)'\n'))
            {
                _line.Append((char)characters[i]);
            }
            else if (_line.Length != 0)
            {
                line = _line.ToString();
                _line.Clear();
                characters = characters[(i + 1)..];
                return true;
            }
        }

        characters = [];
        line = null;
        return false;
    }
}
