using System;
using System.Linq;
using System.Text;
using Mhi.Endpoint.Functions;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class AtCommandPortTests
{
    // Something of everything: editing, two lines, repeat, errors, settings that change the form of what follows.
    private const string Conversation =
        "AT\r\nATE1V1;+CSX\bQ\rA/AT+CMEE=2;+FOO\rnonsense\rATI+CREG=2;+CREG?;+CGSN=1\rATV0\rA/ATV1E0\rAT+CPIN?\r";

    private readonly AtCommandPort _port = new();
    private readonly AtDownlink _downlink = new();

    public AtCommandPortTests()
    {
        _port.OnStarted();
    }

    [Fact]
    public void Response_GoesOutAsOnePacketWithItsEcho()
    {
        Assert.True(Send("AT+CSQ\r"));

        Assert.Equal(["AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n"], _downlink.Packets);
    }

    [Fact]
    public void Responses_ToLinesOfOnePacket_GoOutOneByOne()
    {
        Assert.True(Send("ATE0\rAT\rAT+CPIN?\rA"));

        Assert.Equal(["ATE0\r\r\nOK\r\n", "\r\nOK\r\n", "\r\n+CPIN: READY\r\n\r\nOK\r\n"], _downlink.Packets);
    }

    [Fact]
    public void Echo_OfAnUnfinishedLine_GoesOutWithThePacketThatBroughtIt()
    {
        Assert.True(Send("AT+C"));
        Assert.True(Send("SQ"));

        Assert.Equal(["AT+C", "SQ"], _downlink.Packets);
    }

    [Fact]
    public void Quiet_WithoutEcho_SendsNothing()
    {
        Assert.True(Send("ATE0Q1\r"));
        _downlink.Packets.Clear();

        Assert.True(Send("AT\rATY\r"));
        Assert.True(Send(string.Empty));

        Assert.Empty(_downlink.Packets);
        Assert.False(_port.Poll(_downlink));
    }

    [Fact]
    public void Response_LongerThanItsBuffer_TakesSeveralPacketsAndLosesNothing()
    {
        string identity = Answer("ATE0\rATI\r")["ATE0\r\r\nOK\r\n".Length..^"\r\nOK\r\n".Length];
        Assert.True(Send("ATE0\r"));
        _downlink.Packets.Clear();

        Assert.True(Send("AT" + new string('I', 100) + "\r"));

        var expected = new StringBuilder();
        for (int i = 0; i < 100; i++)
        {
            expected.Append(identity);
        }

        Assert.Equal(expected.Append("\r\nOK\r\n").ToString(), _downlink.Text);
        Assert.All(_downlink.Packets, packet => Assert.InRange(packet.Length, 1, AtResponse.Capacity));
        Assert.InRange(_downlink.Packets.Count, 2, 100);
    }

    [Fact]
    public void Conversation_CutAtAnyByte_GetsTheSameAnswer()
    {
        string expected = Answer(Conversation);
        for (int cut = 0; cut <= Conversation.Length; cut++)
        {
            Assert.Equal(expected, Answer(Conversation[..cut], Conversation[cut..]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void Conversation_InPiecesOfOneSize_GetsTheSameAnswer(int size)
    {
        string[] pieces = [.. Conversation.Chunk(size).Select(piece => new string(piece))];

        Assert.Equal(Answer(Conversation), Answer(pieces));
    }

    [Fact]
    public void Uplink_WhenTheHostHasNoBuffer_IsRefusedAndChangesNothing()
    {
        _downlink.Credits = 0;
        for (int i = 0; i < 3; i++)
        {
            Assert.False(Send("ATE0\r"));
            Assert.False(_port.Poll(_downlink));
        }

        _downlink.Credits = 1;
        Assert.True(Send("AT\r"));

        Assert.Equal(["AT\r\r\nOK\r\n"], _downlink.Packets);
    }

    [Fact]
    public void Uplink_WhenBuffersRunOutHalfWay_GoesOnWithThePoll_AndTakesNoOtherPacketBefore()
    {
        _downlink.Credits = 1;

        Assert.True(Send("ATE0\rAT+CSQ\rAT+CPIN?\rAT"));
        Assert.Equal(["ATE0\r\r\nOK\r\n"], _downlink.Packets);
        Assert.False(Send("Y\r"));
        Assert.False(_port.Poll(_downlink));

        _downlink.Credits = 1;
        Assert.True(_port.Poll(_downlink));
        _downlink.Credits = 2;
        Assert.False(Send("Y\r"));
        Assert.True(_port.Poll(_downlink));
        Assert.True(Send("+CGMM\r"));

        Assert.Equal(
            ["ATE0\r\r\nOK\r\n", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n", "\r\n+CPIN: READY\r\n\r\nOK\r\n", "\r\nT99W175\r\n\r\nOK\r\n"],
            _downlink.Packets);
    }

    [Fact]
    public void Conversation_WithOneBufferAtATime_GetsTheSameAnswer()
    {
        string packet = Conversation + "AT" + new string('I', 100) + "\r";
        string expected = Answer(packet);
        _downlink.Credits = 1;
        Assert.True(Send(packet));

        do
        {
            _downlink.Credits = 1;
        }
        while (_port.Poll(_downlink));

        Assert.Equal(expected, _downlink.Text);
    }

    [Theory]
    [InlineData(AtCommandPort.MaxPacketLength, "AT\r\r\nOK\r\n")]
    [InlineData(AtCommandPort.MaxPacketLength + 1, "\r\nERROR\r\nAT\r\r\nOK\r\n")]
    public void Packet_LongerThanAnyElement_IsRefusedAsALineTooLong(int length, string end)
    {
        // Control characters are no part of a line, so a packet of any length may be filled with them.
        Assert.True(Send("AT"));
        _downlink.Packets.Clear();
        Assert.True(Send(new string('\n', length)));
        Assert.True(Send(length > AtCommandPort.MaxPacketLength ? "AT\r" : "\b\bAT\r"));

        Assert.EndsWith(end, _downlink.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_BeginsANewConversation()
    {
        _downlink.Credits = 1;
        Assert.True(Send("ATE0V0\rAT+CSQ\rAT+C"));
        _port.OnStopped();

        _port.OnStarted();
        _downlink.Credits = int.MaxValue;
        _downlink.Packets.Clear();
        Assert.False(_port.Poll(_downlink));
        Assert.True(Send("AT\r"));

        Assert.Equal(["AT\r\r\nOK\r\n"], _downlink.Packets);
    }

    private bool Send(string packet) => _port.OnUplink(Encoding.Latin1.GetBytes(packet), _downlink);

    private static string Answer(params string[] packets)
    {
        var port = new AtCommandPort();
        var downlink = new AtDownlink();
        port.OnStarted();
        foreach (string packet in packets)
        {
            Assert.True(port.OnUplink(Encoding.Latin1.GetBytes(packet), downlink));
        }

        return downlink.Text;
    }
}
