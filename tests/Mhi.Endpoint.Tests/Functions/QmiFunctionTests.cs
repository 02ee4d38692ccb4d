using System;
using System.Linq;
using System.Text;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class QmiFunctionTests
{
    private const byte Dms = 2;
    private const byte Malformed = 1;
    private const byte InvalidClient = 7;
    private const byte MissingArgument = 17;
    private const byte InvalidService = 31;
    private const byte InvalidCommand = 71;

    private static readonly byte[] s_success = [2, 4, 0, 0, 0, 0, 0];

    private readonly QmiFunction _function = new();
    private readonly PacketDownlink _downlink = new();

    [Fact]
    public void Sync_IsAnswered_AndForgetsClients()
    {
        byte client = Allocate();

        // Frame: marker, length, from the modem, control, client 0. Message: response, transaction 9, SYNC, values.
        Assert.Equal([1, 18, 0, 0x80, 0, 0, 1, 9, 0x27, 0, 7, 0, .. s_success], Ask(Control(9, 0x27)));

        Assert.Equal(Failure(InvalidClient), Values(Ask(Device(client, 1, 0x21))));
    }

    [Fact]
    public void VersionInfo_ListsBothServices() => Assert.Equal(
        [.. s_success, 1, 11, 0, 2, 0, 1, 0, 5, 0, 2, 1, 0, 0, 0], Values(Ask(Control(1, 0x21))));

    [Fact]
    public void Clients_AreAllocatedAndReleased()
    {
        Assert.Equal([.. s_success, 1, 2, 0, Dms, 1], Values(Ask(Control(1, 0x22, 1, 1, 0, Dms))));
        Assert.Equal([.. s_success, 1, 2, 0, Dms, 2], Values(Ask(Control(2, 0x22, 1, 1, 0, Dms))));
        Assert.Equal([.. s_success, 1, 2, 0, Dms, 1], Values(Ask(Control(3, 0x23, 1, 2, 0, Dms, 1))));

        Assert.Equal(Failure(InvalidClient), Values(Ask(Control(4, 0x23, 1, 2, 0, Dms, 1))));
        Assert.Equal(Failure(InvalidClient), Values(Ask(Device(1, 5, 0x22))));
        Assert.Equal([.. s_success, 1, 2, 0, Dms, 1], Values(Ask(Control(6, 0x22, 1, 1, 0, Dms))));
    }

    [Fact]
    public void Clients_RunOut()
    {
        Assert.Equal(Enumerable.Range(1, 254), Enumerable.Range(1, 254).Select(_ => (int)Allocate()));
        Assert.Equal(Failure(5), Values(Ask(Control(1, 0x22, 1, 1, 0, Dms))));
    }

    [Theory]
    [InlineData(0x21, 0x01, "Foxconn")]
    [InlineData(0x22, 0x01, "T99W175")]
    [InlineData(0x25, 0x11, "001016000000013")]
    public void Device_NamesItself(byte message, byte type, string text)
    {
        byte client = Allocate();

        byte[] answer = Ask(Device(client, 0x1234, message));

        // Frame of the service and client; message: response, transaction of two bytes.
        Assert.Equal([1, (byte)(answer.Length - 1), 0, 0x80, Dms, client, 2, 0x34, 0x12, message, 0], answer[..11]);
        Assert.Equal([.. s_success, type, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text)], Values(answer));
    }

    [Fact]
    public void Revision_IsThatOfTheModem()
    {
        byte[] revision = Encoding.ASCII.GetBytes(AtModem.FoxconnT99W175.Revision);

        Assert.Equal([.. s_success, 1, (byte)revision.Length, 0, .. revision], Values(Ask(Device(Allocate(), 1, 0x23))));
    }

    [Fact]
    public void OperatingMode_IsSetAndAsked()
    {
        byte client = Allocate();
        Assert.Equal([.. s_success, 1, 1, 0, 0], Values(Ask(Device(client, 1, 0x2d))));
        Assert.Equal(s_success, Values(Ask(Device(client, 2, 0x2e, 1, 1, 0, 1))));
        Assert.Equal([.. s_success, 1, 1, 0, 1], Values(Ask(Device(client, 3, 0x2d))));

        Assert.Equal(Failure(48), Values(Ask(Device(client, 4, 0x2e, 1, 1, 0, 9))));
        Assert.Equal(Failure(MissingArgument), Values(Ask(Device(client, 5, 0x2e, 2, 1, 0, 0))));
        Assert.Equal(Failure(MissingArgument), Values(Ask(Device(client, 6, 0x2e, 1, 0, 0))));
        Assert.Equal([.. s_success, 1, 1, 0, 1], Values(Ask(Device(client, 7, 0x2d))));
    }

    [Fact]
    public void WhatIsNotThere_IsRefused()
    {
        byte client = Allocate();

        Assert.Equal(Failure(InvalidCommand), Values(Ask(Control(1, 0x20))));
        Assert.Equal(Failure(InvalidCommand), Values(Ask(Device(client, 1, 0x99))));
        Assert.Equal(Failure(InvalidClient), Values(Ask(Device(255, 1, 0x21))));
        Assert.Equal(Failure(MissingArgument), Values(Ask(Control(1, 0x22))));
        Assert.Equal(Failure(MissingArgument), Values(Ask(Control(1, 0x23, 1, 1, 0, Dms))));
        Assert.Equal(Failure(InvalidService), Values(Ask(Control(1, 0x22, 1, 1, 0, 3))));
        Assert.Equal(Failure(InvalidService), Values(Ask(Control(1, 0x23, 1, 2, 0, 3, 1))));
        Assert.Equal(Failure(InvalidService), Values(Ask(Frame(3, client, 0, 1, 0, 0x20, 0, 0, 0))));
    }

    [Fact]
    public void ValuesThatDoNotFillTheMessage_AreMalformed()
    {
        Assert.Equal(Failure(Malformed), Values(Ask(Control(1, 0x22, 1, 2, 0, Dms))));
        Assert.Equal(Failure(Malformed), Values(Ask(Control(1, 0x22, 1, 1, 0, Dms, 7))));
        Assert.Equal(Failure(Malformed), Values(Ask(Frame(0, 0, 0, 1, 0x22, 0, 9, 0, 1, 1, 0, Dms))));
    }

    [Fact]
    public void PacketThatIsNoRequest_IsDroppedAndCounted()
    {
        byte[] good = Control(1, 0x27);
        byte[][] packets =
        [
            [], good[..^1], [.. good, 0], [0, .. good[1..]], [.. good[..3], 0x80, .. good[4..]], [.. good[..6], 1, .. good[7..]], Frame(Dms, 1, 0, 1, 0, 0x21, 0, 0),
        ];

        Assert.All(packets, packet => Assert.True(_function.OnUplink(packet, _downlink)));

        Assert.Empty(_downlink.Packets);
        Assert.Equal(packets.Length, _function.Malformed);
    }

    [Fact]
    public void HostWithoutBuffers_KeepsItsRequest()
    {
        _downlink.CanSend = false;

        Assert.False(_function.OnUplink(Control(1, 0x27), _downlink));
    }

    [Fact]
    public void Conversation_AllocatesNothing()
    {
        var downlink = new CountingDownlink();
        byte[][] messages = [Control(1, 0x27), Control(2, 0x22, 1, 1, 0, Dms), Device(1, 1, 0x21), Device(1, 2, 0x2d), Device(1, 3, 0x99), Control(3, 0x21)];

        long allocated = Allocated.FewestBytes(() =>
        {
            foreach (byte[] message in messages)
            {
                _ = _function.OnUplink(message, downlink);
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(5 * messages.Length, downlink.Packets);
    }

    private static byte[] Frame(byte service, byte client, params byte[] message) =>
        [1, (byte)(message.Length + 5), 0, 0, service, client, .. message];

    private static byte[] Control(byte transaction, byte message, params byte[] values) =>
        Frame(0, 0, [0, transaction, message, 0, (byte)values.Length, 0, .. values]);

    private static byte[] Device(byte client, ushort transaction, byte message, params byte[] values) =>
        Frame(Dms, client, [0, (byte)transaction, (byte)(transaction >> 8), message, 0, (byte)values.Length, 0, .. values]);

    private static byte[] Failure(byte error) => [2, 4, 0, 1, 0, error, 0];

    // The values of an answer, whose lengths must be right.
    private static byte[] Values(byte[] answer)
    {
        int start = answer[4] == 0 ? 12 : 13;
        Assert.Equal(answer.Length - 1, BitConverter.ToUInt16(answer, 1));
        Assert.Equal(answer.Length - start, BitConverter.ToUInt16(answer, start - 2));
        return answer[start..];
    }

    private byte Allocate() => Ask(Control(1, 0x22, 1, 1, 0, Dms))[^1];

    private byte[] Ask(byte[] message)
    {
        _downlink.Packets.Clear();
        Assert.True(_function.OnUplink(message, _downlink));
        return Assert.Single(_downlink.Packets);
    }
}
