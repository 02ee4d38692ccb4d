using System;

namespace Mhi.Endpoint.Functions;

/// <summary>
/// The AT command interpreter (V.250, 3GPP TS 27.007): characters in, responses out, one small step at a time. Knows
/// nothing of packets and allocates nothing after its construction.
/// </summary>
internal sealed class AtInterpreter
{
    private readonly AtLineEditor _editor = new();
    private readonly AtSession _session;
    private int _position;

    public AtInterpreter(AtModem modem)
    {
        _session = new AtSession(modem);
    }

    /// <summary>What has been written and not yet been sent.</summary>
    public AtResponse Response => _session.Response;

    /// <summary>Whether commands of a complete line wait for <see cref="ExecuteNext"/>; no character is taken meanwhile.</summary>
    public bool IsExecuting { get; private set; }

    /// <summary>Whether the host has asked for a restart of the modem, once the answers are with it.</summary>
    public bool IsRestartRequested => _session.IsRestartRequested;

    /// <summary>Forgets the line, the last command and all settings.</summary>
    public void Reset()
    {
        _editor.Reset();
        _session.Settings.Restore();
        Response.Clear();
        IsExecuting = false;
        _session.IsRestartRequested = false;
    }

    /// <summary>Takes one character. Asks for room in the response.</summary>
    /// <param name="character">The character.</param>
    public void Accept(byte character)
    {
        AtLineEditor.Event happened = _editor.Accept(character);
        if (_session.Settings.Echo)
        {
            Echo(character, happened);
        }

        switch (happened)
        {
            case AtLineEditor.Event.Command or AtLineEditor.Event.Repeat:
                IsExecuting = true;
                _position = 0;
                break;
            case AtLineEditor.Event.Bad:
                AtResultCode.Write(_session, AtOutcome.BadLine);
                break;
        }
    }

    /// <summary>Drops the line so far and answers as to one that is too long.</summary>
    public void RefuseLine()
    {
        _editor.DropLine();
        AtResultCode.Write(_session, AtOutcome.BadLine);
    }

    /// <summary>Executes the next command of the line, or ends the line with its result. Asks for room in the response.</summary>
    public void ExecuteNext()
    {
        ReadOnlySpan<byte> rest = _editor.Body[_position..];
        if (rest.IsEmpty)
        {
            Finish(AtOutcome.Ok);
            return;
        }

        AtOutcome outcome = AtCommand.TryTake(ref rest, out AtCommand command) ? Execute(command) : AtOutcome.Unknown;
        if (outcome != AtOutcome.Ok)
        {
            // The rest of the line is not executed (V.250 5.2.5).
            Finish(outcome);
            return;
        }

        _position = _editor.Body.Length - rest.Length;
    }

    private AtOutcome Execute(AtCommand command) =>
        command.IsExtended ? AtExtendedCommands.Execute(_session, command) : AtBasicCommands.Execute(_session, command);

    private void Finish(AtOutcome outcome)
    {
        AtResultCode.Write(_session, outcome);
        IsExecuting = false;
    }

    private void Echo(byte character, AtLineEditor.Event happened)
    {
        switch (happened)
        {
            case AtLineEditor.Event.Ignored:
                break;
            case AtLineEditor.Event.Erased:
                // Back, blank, back: the character disappears from a terminal.
                Response.Append("\b \b"u8);
                break;
            default:
                Response.Append(character);
                break;
        }
    }
}
