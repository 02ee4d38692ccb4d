using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Mhi.Endpoint.Functions;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions.Mbim;

/// <summary>A host of an MBIM control channel: messages as words, the way the standard's tables have them.</summary>
internal sealed class MbimHost
{
    internal const uint Query = 0;
    internal const uint Set = 1;

    /// <summary>UUID of Basic Connect, as four little-endian words.</summary>
    internal static readonly uint[] BasicConnect = [0x33cc89a2, 0x4f8bbbbc, 0x3e13b0b6, 0xdfe6aac2];

    internal MbimHost(AtModem? modem = null)
    {
        Function = modem is null ? new MbimControlFunction() : new MbimControlFunction(modem);
        Function.OnStarted();
    }

    internal MbimControlFunction Function { get; }

    internal PacketDownlink Downlink { get; } = new();

    internal static MbimHost Opened(uint maxTransfer = 4096)
    {
        var host = new MbimHost();
        Assert.Equal([0x80000001, 16, 1, 0], host.Ask(Message(1, 1, maxTransfer)));
        return host;
    }

    internal static byte[] Message(uint type, uint transaction, params uint[] words) =>
        Bytes([type, 12 + ((uint)words.Length * 4), transaction, .. words]);

    /// <summary>A command in one fragment.</summary>
    internal static byte[] Command(uint transaction, uint cid, uint kind, params uint[] info) =>
        Message(3, transaction, [1, 0, .. BasicConnect, cid, kind, (uint)info.Length * 4, .. info]);

    internal static byte[] Bytes(uint[] words) => [.. words.SelectMany(BitConverter.GetBytes)];

    internal static uint[] Words(byte[] bytes) => [.. bytes.Chunk(4).Select(word => BinaryPrimitives.ReadUInt32LittleEndian(word))];

    /// <summary>Sends a message and takes the answer, no answer being empty.</summary>
    internal uint[] Ask(byte[] message)
    {
        List<byte[]> answers = AskForAll(message);
        return answers.Count == 0 ? [] : Words(Assert.Single(answers));
    }

    internal List<byte[]> AskForAll(byte[] message)
    {
        Downlink.Packets.Clear();
        Assert.True(Function.OnUplink(message, Downlink));
        return Downlink.Packets;
    }

    /// <summary>Sends a command and takes the information buffer of its success.</summary>
    internal byte[] Info(uint cid, uint kind = Query, params uint[] info)
    {
        byte[] answer = Assert.Single(AskForAll(Command(77, cid, kind, info)));
        Assert.Equal([0x80000003, (uint)answer.Length, 77, 1, 0, .. BasicConnect, cid, 0, (uint)answer.Length - 48], Words(answer[..48]));
        return answer[48..];
    }

    /// <summary>Sends a command and takes the status of its failure.</summary>
    internal uint Status(uint cid, uint kind = Query, params uint[] info)
    {
        uint[] answer = Ask(Command(78, cid, kind, info));
        Assert.Equal([0x80000003, 48, 78, 1, 0, .. BasicConnect, cid], answer[..10]);
        Assert.Equal(0u, answer[11]);
        return answer[10];
    }

    /// <summary>The text that a pair of offset and size names.</summary>
    internal static string Text(byte[] info, int pair)
    {
        int start = BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(pair));
        int size = BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(pair + 4));
        Assert.Equal(0, start % 4);
        return Encoding.Unicode.GetString(info, start, size);
    }
}
