using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Mhi.Endpoint.Tests.Functions.Mbim;

public sealed class MbimControlPropertyTests
{
    /// <summary>Valid conversations with words and lengths changed: every answer is well-formed and no longer than agreed.</summary>
    [Property(MaxTest = 500)]
    public Property AnyConversation_IsAnsweredInWellFormedMessages()
    {
        Gen<uint> number = Gen.OneOf(
            Gen.Choose(0, 40).Select(value => (uint)value), Gen.Elements(uint.MaxValue, 0x8000_0000u, 0x7fff_fffcu, 64u, 4096u));
        Gen<byte[]> command = Gen.Choose(0, 20).SelectMany(cid => Gen.Choose(0, 1).SelectMany(kind =>
            Gen.Choose(0, 80).SelectMany(words => number.ArrayOf(words)).Select(info => MbimHost.Command(3, (uint)cid, (uint)kind, info))));
        Gen<byte[]> changed = command.SelectMany(message => Gen.Choose(0, (message.Length / 4) - 1).SelectMany(word =>
            number.Select(value => Change(message, word, value))));
        Gen<byte[]> cut = command.SelectMany(message => Gen.Choose(0, message.Length).Select(length => message[..length]));
        Gen<byte[]> open = Gen.Elements(64u, 100u, 4096u).Select(length => MbimHost.Message(1, 9, length));
        return Prop.ForAll(
            Gen.ListOf(Gen.OneOf(command, changed, cut, open)).ToArbitrary(), messages => AreAnswersSane(messages));
    }

    private static bool AreAnswersSane(IEnumerable<byte[]> messages)
    {
        MbimHost host = MbimHost.Opened();
        return messages.All(message => host.AskForAll(message).All(IsSane));
    }

    private static bool IsSane(byte[] answer) =>
        answer.Length is >= 16 and <= 4096
        && BitConverter.ToUInt32(answer, 4) == answer.Length
        && BitConverter.ToUInt32(answer, 0) is >= 0x8000_0001 and <= 0x8000_0004;

    private static byte[] Change(byte[] message, int word, uint value)
    {
        BitConverter.GetBytes(value).CopyTo(message, word * 4);
        return message;
    }
}
