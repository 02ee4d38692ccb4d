using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Mhi.Gateway.At;

/// <summary>A conversation at a terminal: what is typed goes to the modem line by line, what the modem sends is shown as it comes.</summary>
/// <param name="input">The terminal's keyboard; its driver edits lines.</param>
/// <param name="output">The terminal's screen.</param>
/// <param name="port">The modem.</param>
internal sealed class AtTerminal(Stream input, Stream output, IAtPort port)
{
    private readonly AtScreen _screen = new();
    private readonly Lock _lock = new();

    /// <summary>Runs until the user ends the input. What the modem sends is shown by a thread of its own.</summary>
    /// <param name="onFault">Called when that thread cannot go on.</param>
    internal void Run(Action<Exception> onFault)
    {
        Show(_screen.ShowPrompt());
        var showing = new Thread(() => ShowReceived(onFault)) { IsBackground = true, Name = "mhi at output" };
        showing.Start();
        using var reader = new StreamReader(input, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        while (reader.ReadLine() is { } line)
        {
            line = line.Trim();
            if (line.Length == 0)
            {
                Update(static screen => screen.ShowPrompt());
                continue;
            }

            string characters = line + "\r";
            lock (_lock)
            {
                _screen.OnSend(characters);
            }

            port.Send(Encoding.Latin1.GetBytes(characters));
        }

        Show("\n");
    }

    private void ShowReceived(Action<Exception> onFault)
    {
        try
        {
            var received = new byte[4096];
            while (true)
            {
                int count = port.Receive(received, timeout: null);
                Update(screen => screen.OnReceived(received.AsSpan(0, count)));
            }
        }
        catch (Exception fault)
        {
            onFault(fault);
        }
    }

    private void Update(Func<AtScreen, string> change)
    {
        lock (_lock)
        {
            Show(change(_screen));
        }
    }

    private void Show(string text) => output.Write(Encoding.Latin1.GetBytes(text));
}
