using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions.Mbim;

/// <summary>Opening, closing, fragments and errors (MBIM 1.0, section 9).</summary>
public sealed class MbimControlFunctionTests
{
    private const uint Refused = 0x80000004;
    private const uint OutOfSequence = 2;
    private const uint LengthMismatch = 3;
    private const uint NotOpened = 5;
    private const uint Unknown = 6;
    private const uint MaxTransfer = 8;

    [Fact]
    public void OpenAndClose_AreDone_AndNothingElseBeforeAndAfter()
    {
        var host = new MbimHost();
        Assert.Equal([Refused, 16, 1, NotOpened], host.Ask(MbimHost.Command(1, 1, 0)));
        Assert.Equal([Refused, 16, 2, NotOpened], host.Ask(MbimHost.Message(2, 2)));

        Assert.Equal([0x80000001, 16, 7, 0], host.Ask(MbimHost.Message(1, 7, 4096)));
        Assert.Equal([0x80000002, 16, 8, 0], host.Ask(MbimHost.Message(2, 8)));

        Assert.Equal([Refused, 16, 9, NotOpened], host.Ask(MbimHost.Message(2, 9)));
    }

    [Fact]
    public void Open_WithLessThanTheSmallestTransfer_IsRefused()
    {
        var host = new MbimHost();

        Assert.Equal([0x80000001, 16, 1, 21], host.Ask(MbimHost.Message(1, 1, 63)));
        Assert.Equal([Refused, 16, 2, NotOpened], host.Ask(MbimHost.Message(2, 2)));
        Assert.Equal([0x80000001, 16, 3, 0], host.Ask(MbimHost.Message(1, 3, uint.MaxValue)));
    }

    [Fact]
    public void ChannelThatWasReset_IsClosed()
    {
        MbimHost host = MbimHost.Opened();
        host.Function.OnStopped();
        host.Function.OnStarted();

        Assert.Equal([Refused, 16, 2, NotOpened], host.Ask(MbimHost.Message(2, 2)));
    }

    [Fact]
    public void UnknownServiceOrCid_HasNoSupport()
    {
        MbimHost host = MbimHost.Opened();

        Assert.Equal(9u, host.Status(99));
        Assert.Equal(9u, host.Status(1, MbimHost.Set));
        Assert.Equal(21u, host.Status(1, 2));
        Assert.Equal(
            [0x80000003, 48, 5, 1, 0, 1, 2, 3, 4, 1, 9, 0], host.Ask(MbimHost.Message(3, 5, [1, 0, 1, 2, 3, 4, 1, 0, 0])));
    }

    [Fact]
    public void CommandInFragments_IsCarriedOutAfterTheLast()
    {
        MbimHost host = MbimHost.Opened();

        Assert.Empty(host.Ask(MbimHost.Message(3, 2, [3, 0, .. MbimHost.BasicConnect, 11, 1, 12, 5])));
        Assert.Empty(host.Ask(MbimHost.Message(3, 2, 3, 1, 6)));
        uint[] answer = host.Ask(MbimHost.Message(3, 2, 3, 2, 7));

        Assert.Equal([0x80000003, 68, 2, 1, 0, .. MbimHost.BasicConnect, 11, 0, 20, 24, 99, 5, 6, 7], answer);
    }

    [Theory]
    [InlineData(2u, 2u, 1u)]
    [InlineData(3u, 3u, 1u)]
    [InlineData(2u, 3u, 2u)]
    public void FragmentThatDoesNotFollow_EndsTheCommand(uint transaction, uint fragments, uint fragment)
    {
        MbimHost host = MbimHost.Opened();
        _ = host.Ask(MbimHost.Message(3, 2, [3, 0, .. MbimHost.BasicConnect, 11, 1, 12, 5]));

        Assert.Equal([Refused, 16, transaction, OutOfSequence], host.Ask(MbimHost.Message(3, transaction, fragments, fragment, 6)));

        Assert.Equal([Refused, 16, 2, OutOfSequence], host.Ask(MbimHost.Message(3, 2, 3, 1, 6)));
        Assert.Equal(20, host.Info(11).Length);
    }

    [Fact]
    public void FragmentWithoutABeginning_IsOutOfSequence()
    {
        MbimHost host = MbimHost.Opened();

        Assert.Equal([Refused, 16, 4, OutOfSequence], host.Ask(MbimHost.Message(3, 4, 2, 1)));
        Assert.Equal([Refused, 16, 5, OutOfSequence], host.Ask(MbimHost.Message(3, 5, [0, 0, .. MbimHost.BasicConnect, 1, 0, 0])));
    }

    [Fact]
    public void NewCommandInTheMidstOfAnother_EndsTheOther()
    {
        MbimHost host = MbimHost.Opened();
        _ = host.Ask(MbimHost.Message(3, 2, [2, 0, .. MbimHost.BasicConnect, 11, 1, 12, 5]));

        uint[][] answers = [.. host.AskForAll(MbimHost.Command(3, 3, 0)).Select(MbimHost.Words)];

        Assert.Equal(2, answers.Length);
        Assert.Equal([Refused, 16, 2, OutOfSequence], answers[0]);
        Assert.Equal([0x80000003, 56, 3], answers[1][..3]);
    }

    [Fact]
    public void HostError_EndsTheCommand_WithoutAnAnswer()
    {
        MbimHost host = MbimHost.Opened();
        _ = host.Ask(MbimHost.Message(3, 2, [2, 0, .. MbimHost.BasicConnect, 11, 1, 12, 5]));

        Assert.Empty(host.Ask(MbimHost.Message(4, 2, 1)));

        Assert.Equal([Refused, 16, 2, OutOfSequence], host.Ask(MbimHost.Message(3, 2, 2, 1, 6, 7)));
    }

    [Fact]
    public void LengthsThatContradictEachOther_AreAMismatch()
    {
        MbimHost host = MbimHost.Opened();

        // The message's own length, too short for its type, and the information buffer's length in either direction.
        Assert.Equal([Refused, 16, 1, LengthMismatch], host.Ask([.. MbimHost.Message(2, 1), 0]));
        Assert.Equal([Refused, 16, 2, LengthMismatch], host.Ask(MbimHost.Message(1, 2)));
        Assert.Equal([Refused, 16, 3, LengthMismatch], host.Ask(MbimHost.Message(3, 3, 1)));
        Assert.Equal([Refused, 16, 4, LengthMismatch], host.Ask(MbimHost.Message(3, 4, 1, 0)));
        Assert.Equal([Refused, 16, 5, LengthMismatch], host.Ask(MbimHost.Message(3, 5, [1, 0, .. MbimHost.BasicConnect, 3, 0, 4])));
        Assert.Equal([Refused, 16, 6, LengthMismatch], host.Ask(MbimHost.Message(3, 6, [1, 0, .. MbimHost.BasicConnect, 3, 0, 0, 0])));
        Assert.Equal([Refused, 16, 7, LengthMismatch], host.Ask(MbimHost.Message(4, 7)));

        Assert.Equal(8, host.Info(3).Length);
    }

    [Fact]
    public void MessageLongerThanAgreed_IsRefused()
    {
        MbimHost host = MbimHost.Opened(64);

        Assert.Equal([Refused, 16, 2, MaxTransfer], host.Ask(MbimHost.Command(2, 11, 1, 1, 2, 3, 4, 5)));
        Assert.Equal([Refused, 16, 3, MaxTransfer], host.Ask(MbimHost.Message(3, 3, [2, 0, .. MbimHost.BasicConnect, 1, 0, 0x10001])));
    }

    [Fact]
    public void MessageOfNoKnownType_IsUnknown_AndWithoutAHeaderItIsCounted()
    {
        MbimHost host = MbimHost.Opened();

        Assert.Equal([Refused, 16, 9, Unknown], host.Ask(MbimHost.Message(77, 9)));
        Assert.Equal([Refused, 16, 10, Unknown], host.Ask(MbimHost.Message(0x80000003, 10)));
        Assert.Empty(host.AskForAll([1, 2, 3]));
        Assert.Equal(1, host.Function.Malformed);
    }

    [Fact]
    public void AnswerLongerThanTheHostTakes_ComesInFragments_ThatJoinToTheSame()
    {
        byte[] whole = MbimHost.Opened().Info(1);
        MbimHost host = MbimHost.Opened(64);

        byte[][] fragments = [.. host.AskForAll(MbimHost.Command(5, 1, 0))];

        Assert.True(fragments.Length > 2);
        Assert.All(fragments, (fragment, index) =>
        {
            Assert.InRange(fragment.Length, 21, 64);
            Assert.Equal(
                [0x80000003, (uint)fragment.Length, 5, (uint)fragments.Length, (uint)index], MbimHost.Words(fragment[..20]));
        });
        byte[] joined = [.. fragments.SelectMany(fragment => fragment[20..])];
        Assert.Equal([.. MbimHost.BasicConnect, 1, 0, (uint)whole.Length], MbimHost.Words(joined[..28]));
        Assert.Equal(whole, joined[28..]);
    }

    [Fact]
    public void HostWithoutBuffers_KeepsItsMessage_AndGetsTheRestOfAnAnswerLater()
    {
        MbimHost host = MbimHost.Opened();
        host.Downlink.CanSend = false;
        Assert.False(host.Function.OnUplink(MbimHost.Command(2, 3, 0), host.Downlink));

        host = MbimHost.Opened(64);
        var oneByOne = new OnePacketDownlink();
        Assert.True(host.Function.OnUplink(MbimHost.Command(5, 1, 0), oneByOne));
        Assert.True(host.Function.IsPolled);
        Assert.False(host.Function.OnUplink(MbimHost.Command(6, 3, 0), oneByOne));
        int packets = 1;
        while (host.Function.IsPolled)
        {
            Assert.False(host.Function.Poll(oneByOne));
            oneByOne.Post();
            Assert.True(host.Function.Poll(oneByOne));
            packets++;
        }

        Assert.Equal(packets, oneByOne.Packets);
        Assert.Equal(host.AskForAll(MbimHost.Command(5, 1, 0)).Count, packets);
    }

    [Fact]
    public void Conversation_AfterTheStart_AllocatesNothing()
    {
        var host = new MbimHost();
        var downlink = new CountingDownlink();
        byte[][] messages =
        [
            MbimHost.Message(1, 1, 64),
            .. Enumerable.Range(1, 20).Select(cid => MbimHost.Command(2, (uint)cid, 0, 0)),
            MbimHost.Command(3, 3, 1, 0),
            MbimHost.Command(4, 3, 1, 1),
            MbimHost.Message(77, 5),
            MbimHost.Message(2, 6),
        ];

        long allocated = Allocated.FewestBytes(() =>
        {
            foreach (byte[] message in messages)
            {
                _ = host.Function.OnUplink(message, downlink);
            }
        });

        Assert.Equal(0, allocated);
        Assert.True(downlink.Packets >= 5 * messages.Length);
    }
}
