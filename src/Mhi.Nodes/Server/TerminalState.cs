using System;
using System.Runtime.InteropServices;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Server;

/// <summary>
/// What programs set on a port they take for a terminal. It is remembered and means nothing to the channel, as in the WWAN
/// drivers of the kernel. Under the node's lock.
/// </summary>
internal sealed class TerminalState
{
    // struct termios2: iflag, oflag, cflag, lflag, one byte line, 19 control characters, two speeds.
    private const int ControlFlags = 8;
    private const int ControlCharacters = 17;
    private const int MinimumCharacters = ControlCharacters + 6;
    private const int InputSpeed = 36;
    private const int OutputSpeed = 40;

    // 115200 baud, 8 bits, receiver on, modem lines ignored: raw, as a port for AT commands is used.
    private const uint RawPort = 0x1002 | 0x30 | 0x80 | 0x800;
    private const uint Speed = 115200;

    // DTR, RTS, CTS, carrier, DSR.
    private const uint AllLines = 0x2 | 0x4 | 0x20 | 0x40 | 0x100;

    private readonly byte[] _termios = new byte[TerminalCommands.Termios2Length];
    private uint _lines = AllLines;

    internal TerminalState()
    {
        MemoryMarshal.Write(_termios.AsSpan(ControlFlags), RawPort);
        _termios[MinimumCharacters] = 1;
        MemoryMarshal.Write(_termios.AsSpan(InputSpeed), Speed);
        MemoryMarshal.Write(_termios.AsSpan(OutputSpeed), Speed);
    }

    /// <summary>Carries out a request.</summary>
    /// <param name="command">The request; its lengths have been checked.</param>
    /// <param name="input">What the program passed.</param>
    /// <param name="output">What it receives.</param>
    internal void Execute(uint command, ReadOnlySpan<byte> input, Span<byte> output)
    {
        switch (command)
        {
            case TerminalCommands.GetTermios:
            case TerminalCommands.GetTermios2:
                _termios.AsSpan(0, output.Length).CopyTo(output);
                break;
            case TerminalCommands.GetModemLines:
                MemoryMarshal.Write(output, _lines);
                break;
            case TerminalCommands.SetModemLines:
                _lines = MemoryMarshal.Read<uint>(input);
                break;
            case TerminalCommands.RaiseModemLines:
                _lines |= MemoryMarshal.Read<uint>(input);
                break;
            case TerminalCommands.DropModemLines:
                _lines &= ~MemoryMarshal.Read<uint>(input);
                break;
            case TerminalCommands.Flush:
                break;
            default:
                input.CopyTo(_termios);
                break;
        }
    }
}
