using System;
using System.Text;

namespace Mhi.Gateway.At;

/// <summary>
/// What a terminal shows of a conversation with a modem: the terminal has shown the typed line already, so the modem's echo
/// of it is left out; line ends become the terminal's; a prompt follows each answer.
/// </summary>
/// <remarks>Text in, text out; used under a lock.</remarks>
internal sealed class AtScreen
{
    /// <summary>Asks for a command.</summary>
    internal const string Prompt = "at> ";

    private const string EraseLine = "\r\x1b[K";

    private readonly StringBuilder _line = new();
    private string _echo = "";
    private bool _isAnswering;
    private bool _hasPrompt;

    /// <summary>Shows the prompt.</summary>
    /// <returns>What the terminal gets.</returns>
    internal string ShowPrompt()
    {
        _hasPrompt = true;
        return Prompt;
    }

    /// <summary>A line was typed and is about to be sent.</summary>
    /// <param name="characters">What is sent.</param>
    internal void OnSend(string characters)
    {
        _echo = characters;
        _isAnswering = true;
        _hasPrompt = false;
    }

    /// <summary>The modem sent something.</summary>
    /// <param name="characters">What.</param>
    /// <returns>What the terminal gets.</returns>
    internal string OnReceived(ReadOnlySpan<byte> characters)
    {
        var shown = new StringBuilder();
        foreach (byte character in SkipEcho(characters))
        {
            if (character is not ((byte)'\r' or (byte)'\n'))
            {
                // A message the modem sends by itself takes the place of a waiting prompt.
                shown.Append(_hasPrompt ? EraseLine : "").Append((char)character);
                _hasPrompt = false;
                _line.Append((char)character);
            }
            else if (_line.Length != 0)
            {
                shown.Append('\n').Append(EndLine());
            }
        }

        return shown.ToString();
    }

    private string EndLine()
    {
        bool isFinal = AtResult.IsFinal(_line.ToString());
        _line.Clear();
        _isAnswering &= !isFinal;
        return _isAnswering ? "" : ShowPrompt();
    }

    private ReadOnlySpan<byte> SkipEcho(ReadOnlySpan<byte> characters)
    {
        int same = 0;
        while (same < characters.Length && same < _echo.Length && characters[same] == _echo[same])
        {
            same++;
        }

        // Something else than the echo means that the modem's echo is off.
        _echo = same == characters.Length ? _echo[same..] : "";
        return characters[same..];
    }
}
