using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class CommandTests
{
    [Fact]
    public void Start_WritesRunningIntoTheContext_AndLeavesItsOtherBits()
    {
        using TestHost host = TestHost.PoweredUp();
        ChannelContext context = host.DefaultChannelContext(TestHost.LoopbackUp);
        context.Configuration |= 0xabcd_0400;
        host.WriteChannelContext(TestHost.LoopbackUp, context);

        Assert.Equal(CompletionCode.Success, host.Command(ElementType.StartChannel, TestHost.LoopbackUp));

        Assert.Equal(ChannelState.Running, host.StateOf(TestHost.LoopbackUp));
        Assert.Equal([0x02, 0x06, 0xcd, 0xab], host.ChannelContexts.Memory.Slice(0, 4).ToArray());
    }

    [Fact]
    public void StopThenStart_KeepsThePointers()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        Assert.Equal(CompletionCode.Success, host.Command(ElementType.StopChannel, TestHost.LoopbackUp));
        Assert.Equal(ChannelState.Stop, host.StateOf(TestHost.LoopbackUp));

        ulong element = up.Queue(RingElement.Transfer(host.Buffer(4).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();
        Assert.Empty(function.Received);

        ulong command = host.Commands.Queue(RingElement.Command(ElementType.StartChannel, TestHost.LoopbackUp));
        host.Commands.RingDoorbell();
        _ = host.Step();
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.CommandEvent(command, CompletionCode.Success),
            RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
        Assert.Equal(["started"], function.Calls);
    }

    [Fact]
    public void Reset_WritesDisabled_AndALaterStartUsesTheNewRing()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        _ = host.Start(TestHost.LoopbackUp);

        Assert.Equal(CompletionCode.Success, host.Command(ElementType.ResetChannel, TestHost.LoopbackUp));
        Assert.Equal(ChannelState.Disabled, host.StateOf(TestHost.LoopbackUp));
        Assert.Equal(["started", "stopped"], function.Calls);

        TestRing up = host.Start(TestHost.LoopbackUp);
        _ = up.Queue(RingElement.Transfer(host.Buffer(5).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = host.Step();
        Assert.Equal(new byte[] { 5 }, Assert.Single(function.Received));
    }

    [Fact]
    public void Start_AfterAReset_IgnoresTheOldDoorbell_AndTakesOneWithTheSameValue()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        DmaOneByte(host, up, 1);
        Assert.Equal(CompletionCode.Success, host.Command(ElementType.ResetChannel, TestHost.LoopbackUp));
        _ = host.Start(TestHost.LoopbackUp);
        Assert.Single(function.Received);

        DmaOneByte(host, up, 2);

        Assert.Equal(2, function.Received.Count);
    }

    [Fact]
    public void Start_TakesElementsThatAreQueuedAlready()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.TransferRing(TestHost.LoopbackUp);
        host.WriteChannelContext(TestHost.LoopbackUp, host.DefaultChannelContext(TestHost.LoopbackUp));
        _ = up.Queue(RingElement.Transfer(host.Buffer(6).BusAddress, 1, RingElement.EndOfTransferFlag));

        _ = host.Commands.Queue(RingElement.Command(ElementType.StartChannel, TestHost.LoopbackUp));
        host.Commands.RingDoorbell();
        _ = host.Step();

        Assert.Equal(new byte[] { 6 }, Assert.Single(function.Received));
    }

    [Fact]
    public void Start_OnARunningChannel_Succeeds()
    {
        using TestHost host = TestHost.PoweredUp();
        _ = host.Start(TestHost.LoopbackUp);

        Assert.Equal(CompletionCode.Success, host.Command(ElementType.StartChannel, TestHost.LoopbackUp));
    }

    [Theory]
    [InlineData(ElementType.StopChannel)]
    [InlineData(ElementType.ResetChannel)]
    public void StopOrReset_OfAChannelThatWasNeverStarted_FailsAtOnce(ElementType command)
    {
        using TestHost host = TestHost.PoweredUp();

        Assert.Equal(CompletionCode.UndefinedError, host.Command(command, TestHost.LoopbackUp));
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.CommandOutOfState));
        host.AssertEchoes();
    }

    [Fact]
    public void SeveralCommands_BehindOneDoorbell_CompleteInOrder()
    {
        using TestHost host = TestHost.PoweredUp();
        int[] channels = [0, 1, 4, 5, 12, 13];
        ulong[] commands = new ulong[channels.Length];
        for (int i = 0; i < channels.Length; i++)
        {
            host.WriteChannelContext(channels[i], host.DefaultChannelContext(channels[i]));
            commands[i] = host.Commands.Queue(RingElement.Command(ElementType.StartChannel, (byte)channels[i]));
        }

        host.Commands.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(), [.. commands.Select(command => RingElement.CommandEvent(command, CompletionCode.Success))]);
    }

    [Fact]
    public void Commands_WrapRoundTheRing()
    {
        using TestHost host = TestHost.PoweredUp();
        for (int i = 0; i < 300; i++)
        {
            Assert.Equal(CompletionCode.UndefinedError, host.Command(ElementType.StopChannel, 77));
        }

        Assert.Equal(300, host.Endpoint.CountOf(HostViolation.UnknownChannel));
        host.AssertEchoes();
    }

    [Fact]
    public void Commands_WithoutRoomForTheirCompletion_WaitInTheRing()
    {
        using TestHost host = TestHost.PoweredUp();
        TestEventRing ring = host.EventRings[0];
        ring.RingDoorbell(ring.AddressOf(ring.Position + 2));
        // The device still knows of the room it was given before; use that up first.
        for (int i = 0; i < 125; i++)
        {
            _ = host.Commands.Queue(RingElement.Command(ElementType.StopChannel, 77));
        }

        host.Commands.RingDoorbell();
        _ = host.Step();
        int first = ring.Read().Count;
        for (int i = 0; i < 10; i++)
        {
            _ = host.Commands.Queue(RingElement.Command(ElementType.StopChannel, 77));
        }

        host.Commands.RingDoorbell();
        _ = host.Step();
        int second = ring.Read().Count;
        ring.Release();
        _ = host.Step();
        int third = ring.Read().Count;

        Assert.True(first + second < 135);
        Assert.Equal(135, first + second + third);
    }

    [Fact]
    public void Start_OfOneDirection_StartsTheFunction_AndResetOfTheLastStopsIt()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        _ = host.Start(TestHost.LoopbackUp);
        _ = host.Start(TestHost.LoopbackDown);
        Assert.Equal(["started"], function.Calls);

        _ = host.Command(ElementType.ResetChannel, TestHost.LoopbackDown);
        Assert.Equal(["started"], function.Calls);
        _ = host.Command(ElementType.ResetChannel, TestHost.LoopbackUp);
        Assert.Equal(["started", "stopped"], function.Calls);
    }

    private static void DmaOneByte(TestHost host, TestRing ring, byte value)
    {
        _ = ring.Queue(RingElement.Transfer(host.Buffer(value).BusAddress, 1, RingElement.EndOfTransferFlag));
        ring.RingDoorbell();
        _ = host.Step();
        _ = host.EventRings[0].Take();
    }
}
