using System;
using System.IO;
using System.Text;
using Mhi.Gateway.At;
using Xunit;

namespace Mhi.Gateway.Tests.At;

public sealed class AtScriptTests
{
    [Fact]
    public void Run_SendsEachLineAfterTheAnswerToTheOneBefore()
    {
        var port = new ScriptedPort("AT\r\r\nOK\r\n", "AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n");

        Assert.Equal("AT\nOK\nAT+CSQ\n+CSQ: 24,99\nOK\n", Run("AT\nAT+CSQ\n", port));
        Assert.Equal("AT\rAT+CSQ\r", port.Sent);
    }

    [Fact]
    public void Run_SkipsEmptyLinesAndTakesAnyLineEnd()
    {
        var port = new ScriptedPort("\r\nOK\r\n", "\r\nERROR\r\n");

        Assert.Equal("OK\nERROR\n", Run("\n  \r\nAT\r\n\nATX", port));
        Assert.Equal("AT\rATX\r", port.Sent);
    }

    [Fact]
    public void Run_WhenTheEchoReadsLikeAResult_WaitsForTheResult()
    {
        var port = new ScriptedPort("OK\r\r\nERROR\r\n");

        Assert.Equal("OK\nERROR\n", Run("OK\n", port));
    }

    [Fact]
    public void Run_WithoutAnswer_SaysWhichCommandHadNone()
    {
        var port = new ScriptedPort("AT\r");

        GatewayException exception = Assert.Throws<GatewayException>(() => Run("AT\n", port));

        Assert.StartsWith("Channel TEST gave no final result code for 'AT' within 10 s;", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutLines_SendsNothing()
    {
        var port = new ScriptedPort();

        Assert.Equal("", Run("", port));
        Assert.Equal("", port.Sent);
    }

    private static string Run(string lines, ScriptedPort port)
    {
        using var input = new MemoryStream(Encoding.Latin1.GetBytes(lines));
        using var output = new MemoryStream();
        new AtScript(input, output, port).Run();
        return Encoding.Latin1.GetString(output.ToArray());
    }

    /// <summary>Gives prepared answers, one after each send, in pieces of three characters.</summary>
    private sealed class ScriptedPort(params string[] answers) : IAtPort
    {
        private int _next;
        private byte[] _rest = [];

        public string Name => "TEST";

        public string Sent { get; private set; } = "";

        public void Send(ReadOnlySpan<byte> characters)
        {
            Sent += Encoding.Latin1.GetString(characters);
            _rest = [.. _rest, .. Encoding.Latin1.GetBytes(answers[_next++])];
        }

        public int Receive(Span<byte> destination, TimeSpan? timeout)
        {
            if (_rest.Length == 0)
            {
                throw new TimeoutException();
            }

            int count = Math.Min(3, _rest.Length);
            _rest.AsSpan(0, count).CopyTo(destination);
            _rest = _rest[count..];
            return count;
        }
    }
}
