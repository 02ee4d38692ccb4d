using System;
using System.IO;
using System.Text;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.At;

/// <summary>Command lines from a file or a pipe: each is sent when the one before has been answered.</summary>
/// <param name="input">The lines.</param>
/// <param name="output">Receives the modem's lines, its echo of the commands included.</param>
/// <param name="port">The modem.</param>
internal sealed class AtScript(Stream input, Stream output, IAtPort port)
{
    /// <summary>How long a modem may be silent before its answer is given up.</summary>
    internal static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    private readonly AtLineSplitter _lines = new();
    private readonly byte[] _received = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Runs to the end of the input.</summary>
    internal void Run()
    {
        // One character per byte, both ways: the modem decides what its characters mean.
        using var reader = new StreamReader(input, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        while (ReadLine(reader) is { } line)
        {
            line = line.Trim();
            if (line.Length != 0)
            {
                port.Send(Encoding.Latin1.GetBytes(line + "\r"));
                PrintAnswer(line);
            }
        }
    }

    private static string? ReadLine(StreamReader reader)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string reason = exception is IOException io ? IoFault.Reason(io) : "permission denied";
            throw new GatewayException($"Standard input could not be read: {reason}.", cause: exception);
        }
    }

    private void PrintAnswer(string command)
    {
        bool isFirst = true;
        string answer;
        do
        {
            answer = NextLine(command);
            output.Write(Encoding.Latin1.GetBytes(answer + "\n"));
            if (isFirst && answer == command)
            {
                // The echo is never the answer, whatever it reads like.
                answer = "";
            }

            isFirst = false;
        }
        while (!AtResult.IsFinal(answer));
    }

    private string NextLine(string command)
    {
        while (true)
        {
            ReadOnlySpan<byte> characters = _received.AsSpan(_start, _end - _start);
            bool isLine = _lines.TryTake(ref characters, out string? line);
            _start = _end - characters.Length;
            if (isLine)
            {
                return line!;
            }

            try
            {
                _end = port.Receive(_received, AnswerLimit);
                _start = 0;
            }
            catch (TimeoutException exception)
            {
                throw new GatewayException(
                    $"Channel {port.Name} gave no final result code for '{command}' within {AnswerLimit.TotalSeconds:0} s; after ATQ1 it gives none, and a channel without an AT port never does.",
                    cause: exception);
            }
        }
    }
}
