using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class SuspendTests
{
    [Fact]
    public void M3_SuspendsRunningChannels_AndResumeBringsThemBackBeforeTheEvent()
    {
        using TestHost host = TestHost.PoweredUp();
        _ = host.Start(TestHost.LoopbackUp);
        _ = host.Start(TestHost.LoopbackDown);
        Assert.Equal(CompletionCode.Success, host.Command(ElementType.StopChannel, TestHost.LoopbackDown));

        host.RequestState(MhiState.M3);
        _ = host.Step();
        Assert.Equal(0x501u, host.Read(MhiRegisters.Status));
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M3));
        Assert.Equal(ChannelState.Suspended, host.StateOf(TestHost.LoopbackUp));
        Assert.Equal(ChannelState.Stop, host.StateOf(TestHost.LoopbackDown));

        host.RequestState(MhiState.M0);
        _ = host.Step();
        Assert.Equal(0x201u, host.Read(MhiRegisters.Status));
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.StateEvent(MhiState.M0));
        Assert.Equal(ChannelState.Running, host.StateOf(TestHost.LoopbackUp));
        Assert.Equal(ChannelState.Stop, host.StateOf(TestHost.LoopbackDown));
    }

    [Fact]
    public void InM3_NothingMoves_AndDoorbellsAreFoundAfterwards()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        host.RequestState(MhiState.M3);
        _ = host.Step();
        _ = host.EventRings[0].Take();

        ulong element = up.Queue(RingElement.Transfer(host.Buffer(9).BusAddress, 1, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        host.WriteChannelContext(TestHost.LoopbackDown, host.DefaultChannelContext(TestHost.LoopbackDown));
        ulong command = host.Commands.Queue(RingElement.Command(ElementType.StartChannel, TestHost.LoopbackDown));
        host.Commands.RingDoorbell();
        _ = host.Step();
        Assert.Empty(host.EventRings[0].Read());
        Assert.Empty(function.Received);

        // A suspended host takes the bus master bit away and gives it back.
        host.Function.SetBusMaster(false);
        host.Function.SetBusMaster(true);
        host.RequestState(MhiState.M0);
        _ = host.Step();
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.StateEvent(MhiState.M0),
            RingElement.CommandEvent(command, CompletionCode.Success),
            RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, TestHost.LoopbackUp));
        Assert.Equal(new byte[] { 9 }, Assert.Single(function.Received));
        Assert.Equal(["started"], function.Calls);
    }

    [Fact]
    public void M3_FromReady_IsRefusedAndCounted()
    {
        using var host = new TestHost();
        host.Program();

        host.RequestState(MhiState.M3);
        _ = host.Step();

        Assert.Equal(MhiState.Ready, host.Endpoint.State);
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidStateRequest));
    }
}
