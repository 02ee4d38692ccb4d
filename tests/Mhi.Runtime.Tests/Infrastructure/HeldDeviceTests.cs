using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>The test device does what tests will rely on.</summary>
public class HeldDeviceTests
{
    private const byte Up = 0;
    private const byte Down = 1;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(32)]
    public void Transfers_AreHeldUntilTheTestCompletesThem(int elements)
    {
        using HeldHost host = HeldHost.Stepped(TestProfile.Of(elements));
        var channel = host.Open<SmallLoopback>();
        host.Pump();
        Assert.Equal(elements - 1, host.Device.Outstanding(Down).Length);
        for (int i = 0; i < elements - 1; i++)
        {
            Assert.Equal(ChannelStatus.Done, channel.TryWrite([(byte)i, 9]));
        }

        Assert.Equal(ChannelStatus.WouldBlock, channel.TryWrite([1]));
        host.Pump();
        Assert.Equal(Enumerable.Range(0, elements - 1).Select(static i => new byte[] { (byte)i, 9 }), host.Device.Packets(Up));
        Assert.Equal(elements - 1, channel.OutstandingBuffers);

        Assert.Equal(1, host.Device.CompletePackets(Up, 1));
        host.Pump();
        Assert.Equal(elements - 2, channel.OutstandingBuffers);
        Assert.Equal(elements - 2, host.Device.CompletePackets(Up));
        host.Pump();
        Assert.Equal(0, channel.OutstandingBuffers);
    }

    [Fact]
    public void Elements_AreRecordedWithTheirFlags_AndDoorbellsToo()
    {
        using HeldHost host = HeldHost.Stepped(TestProfile.Of(4));
        var channel = host.Open<SmallLoopback>();
        host.Device.ForgetRecords();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(new byte[250]));
        host.Pump();
        HeldElement[] elements = host.Device.Elements(Up);
        Assert.Equal([100, 100, 50], elements.Select(static element => (int)element.Length));
        Assert.Equal([true, true, false], elements.Select(static element => element.IsChained));
        Assert.Equal([false, false, true], elements.Select(static element => element.EndsTransfer));
        Assert.Equal((Up, elements[2].Address + 16), Assert.Single(host.Device.Doorbells));
        Assert.Equal(1, host.Device.CompletePackets(Up));
        host.Pump();
        Assert.Equal(0, channel.OutstandingBuffers);
    }

    [Fact]
    public void Receive_WithAnyStatusAndLength()
    {
        using HeldHost host = HeldHost.Stepped(TestProfile.Of(8));
        var channel = host.Open<SmallLoopback>();
        host.Pump();
        Assert.True(host.Device.Deliver(Down, new byte[150]));
        Assert.True(host.Device.DeliverPiece(Down, [1, 2, 3], CompletionCode.EndOfTransfer, 200));
        Assert.True(host.Device.DeliverPiece(Down, [1], CompletionCode.UndefinedError));
        Assert.True(host.Device.Deliver(Down, [7]));
        host.Device.DuplicateCompletion();
        host.Pump();
        Assert.Equal([(100, false, false), (50, true, false), (100, true, true), (1, true, false)], ReceiveAll(channel));
        Assert.Equal(1ul, host.Controller.Counters.IgnoredCompletions);
    }

    [Fact]
    public void Complete_OfALaterElement_IsTheViolationItShouldBe()
    {
        using HeldHost host = HeldHost.Stepped(TestProfile.Of(4));
        var channel = host.Open<SmallLoopback>();
        host.Pump();
        host.Device.Complete(Down, 1);
        host.Pump();
        Assert.Equal(MhiErrorCode.ProtocolViolation, channel.Failure!.Code);
    }

    [Fact]
    public void Commands_CanStallAndBeRefused()
    {
        using HeldHost host = HeldHost.Stepped();
        host.Device.Answers = static (type, channel) =>
            type != ElementType.StartChannel ? CommandAnswer.Succeed : channel == Up ? CommandAnswer.Stall : CommandAnswer.Refuse;
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        host.Pump();
        Assert.Equal(1, host.Device.StalledCommands);
        Assert.Equal(1, host.Device.AnswerStalled());
        host.Pump();
        Assert.Equal(MhiErrorCode.CommandRefused, Assert.Throws<MhiException>(() => host.Settle(opening)).Code);
        Assert.Equal(
            [(ElementType.StartChannel, Up), (ElementType.StartChannel, Down), (ElementType.ResetChannel, Down), (ElementType.ResetChannel, Up)],
            host.Device.Commands);
    }

    [Fact]
    public void Allocation_FailsWhenTold()
    {
        using HeldHost host = HeldHost.Stepped(TestProfile.Of(4, "A", "LOOPBACK"));
        host.Device.FailingAllocation = 1;
        Assert.Equal(
            MhiErrorCode.OutOfMemory,
            Assert.Throws<MhiException>(() => host.Settle(ChannelConnection.OpenAsync<SmallLoopback>(host.Controller))).Code);
        _ = host.Open<SmallLoopback>();
        host.Device.FailingAllocation = 0;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SystemError_AndRecovery(bool withEvent)
    {
        using HeldHost host = HeldHost.Stepped();
        var old = host.Open<SmallLoopback>();
        host.Device.RaiseSystemError(withEvent);
        host.Pump();
        host.Controller.CheckDevice();
        Assert.Equal(MhiErrorCode.SystemError, old.Failure!.Code);
        host.Settle(host.Controller.PowerUpAsync());
        host.Device.Echoes = true;
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([5]));
        host.Pump();
        Assert.Equal([(1, true, false)], ReceiveAll(channel));
    }

    [Fact]
    public void SuspendAndResume()
    {
        using HeldHost host = HeldHost.Stepped();
        var channel = host.Open<SmallLoopback>();
        host.Settle(host.Controller.SuspendAsync());
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([5]));
        host.Pump();
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
        Assert.Single(host.Device.Packets(Up));
    }

    [Fact]
    public void VanishedDevice_ComesBackAsANewFunction()
    {
        HeldDevice successor;
        using (HeldHost host = HeldHost.Stepped())
        {
            var channel = host.Open<SmallLoopback>();
            host.Device.Vanish();
            host.Controller.CheckDevice();
            Assert.Equal(MhiErrorCode.DeviceRemoved, channel.Failure!.Code);
            successor = host.Device.ComeBack();
            Assert.Equal(host.Controller.Name, successor.Name);
        }

        using HeldHost again = HeldHost.Stepped(device: successor);
        _ = again.Open<SmallLoopback>();
    }

    [Fact]
    public async Task WithThreads_EchoesEverythingInOrder()
    {
        using HeldHost host = await HeldHost.RunningAsync(TestProfile.Of(2));
        host.Device.Echoes = true;
        await using var channel = (await ChannelConnection.OpenAsync<SmallLoopback>(host.Controller)).AsDuplex<SmallLoopback>();
        byte[] echo = new byte[100];
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(2, channel.Write([(byte)i, (byte)(i >> 8)], TimeSpan.FromSeconds(30)));
            Assert.Equal(2, channel.Read(echo, TimeSpan.FromSeconds(30)));
            Assert.Equal(i, echo[0] | (echo[1] << 8));
        }
    }

    [Fact]
    public async Task WithThreads_ABlockedReaderAndARemoval()
    {
        using HeldHost host = await HeldHost.RunningAsync();
        await using var channel = (await ChannelConnection.OpenAsync<SmallLoopback>(host.Controller)).AsDuplex<SmallLoopback>();
        ValueTask<int> reading = channel.ReadAsync(new byte[10]);
        host.Device.Vanish();
        var exception = await Assert.ThrowsAsync<MhiException>(async () => await reading);
        Assert.Equal(MhiErrorCode.DeviceRemoved, exception.Code);
    }

    private static (int Length, bool IsEnd, bool IsTruncated)[] ReceiveAll(MhiDuplexChannel<SmallLoopback> channel)
    {
        var received = new System.Collections.Generic.List<(int, bool, bool)>();
        while (channel.TryReceive(out ReceivedPacket packet) == ChannelStatus.Done)
        {
            received.Add((packet.Bytes.Length, packet.IsEndOfMessage, packet.IsTruncated));
            packet.Dispose();
        }

        return [.. received];
    }
}
