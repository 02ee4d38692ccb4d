using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>What a broken or malicious device may write, and what must become of it.</summary>
public class HostileDeviceTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    [InlineData(-16)]
    [InlineData(128 * 16)]
    [InlineData(0x1_0000_0000)]
    [InlineData(long.MinValue + 16)]
    public void EventReadPointer_OutsideTheRing_FailsTheControllerWithTheRingsName(long offset)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        ulong wild = host.Device.Event(1).RingBase + (ulong)offset;
        host.Device.SetEventReadPointer(1, wild);
        _ = host.Controller.Poll();
        if (offset == 0x1_0000_0000)
        {
            // Only the high half is wrong, and the low half has not moved: there is nothing to read, so nothing is.
            Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
            return;
        }

        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Equal(MhiErrorCode.ProtocolViolation, host.Controller.Failure!.Code);
        Assert.Contains($"event ring 1 to 0x{wild:x}", host.Controller.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(ChannelStatus.Down, channel.TryWrite([1]));
        Assert.Equal(MhiErrorCode.ProtocolViolation, channel.Failure!.Code);
        Assert.False(host.Device.IsBusMaster);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(126)]
    public void EventReadPointer_JumpingOverElementsNeverWritten_FailsTheController(int elements)
    {
        using var host = ScriptedHost.InMissionMode();
        EventContextJump(host, 1, elements);
        Assert.Contains("had not written", host.Controller.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EventReadPointer_JumpingBack_DoesNotReplayEvents()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, CompletionCode.EndOfTransfer, 5, 1));
        _ = host.Controller.Poll();
        host.Device.SetEventReadPointer(0, host.Device.Event(0).RingBase);
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Equal(1ul, channel.DownlinkCounters.Buffers);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x08)]
    [InlineData(0x28)]
    [InlineData(0x48)]
    [InlineData(0x51)]
    [InlineData(0x50)]
    [InlineData(0x10)]
    [InlineData(0xff)]
    public void EventOfAnotherType_IsIgnoredOrRefused(byte type)
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(0, new RingElement(ulong.MaxValue, uint.MaxValue, 0xff00_ffff | ((uint)type << 16)));
        _ = host.Controller.Poll();
        if (type == 0)
        {
            Assert.Equal(MhiErrorCode.ProtocolViolation, host.Controller.Failure!.Code);
        }
        else
        {
            Assert.Equal(1ul, host.Controller.Counters.IgnoredEvents);
            Works(host);
        }
    }

    [Theory]
    [InlineData(ElementType.StateChange)]
    [InlineData(ElementType.CommandCompletion)]
    [InlineData(ElementType.ExecutionEnvironmentChange)]
    public void ControlEvent_OnADataRing_IsIgnored(ElementType type)
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(1, new RingElement(0, 0xff00_0000, (uint)type << 16));
        _ = host.Controller.Poll();
        Assert.Equal(1ul, host.Controller.Counters.IgnoredEvents);
        Works(host);
    }

    [Theory]
    [InlineData(MhiState.Reset)]
    [InlineData(MhiState.Ready)]
    [InlineData(MhiState.M1)]
    [InlineData(MhiState.M2)]
    [InlineData(MhiState.M3)]
    [InlineData((MhiState)0x77)]
    public void UnexpectedState_IsIgnored(MhiState state)
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(0, RingElement.StateEvent(state));
        _ = host.Controller.Poll();
        Assert.Equal(1ul, host.Controller.Counters.IgnoredEvents);
        Works(host);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(0xee)]
    public void UnexpectedEnvironment_IsIgnored(byte environment)
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(0, RingElement.EnvironmentEvent((ExecutionEnvironment)environment));
        _ = host.Controller.Poll();
        Assert.Equal(ExecutionEnvironment.Amss, host.Controller.ExecutionEnvironment);
        Works(host);
    }

    [Fact]
    public void CrashDumpEnvironment_FailsTheController()
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(0, RingElement.EnvironmentEvent(ExecutionEnvironment.RamDump));
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.SystemError, host.Controller.Failure!.Code);
        Assert.Contains("RDDM", host.Controller.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    public void TransferEvent_ForAChannelThatIsNotOpen_IsIgnored(byte channel)
    {
        using var host = ScriptedHost.InMissionMode();
        _ = host.Open<SmallLoopback>();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase, CompletionCode.EndOfTransfer, 1, channel));
        _ = host.Controller.Poll();
        Assert.Equal(1ul, host.Controller.Counters.IgnoredCompletions);
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
    }

    [Theory]
    [InlineData(0, -16)]
    [InlineData(0, 8)]
    [InlineData(0, 512)]
    [InlineData(0, long.MinValue)]
    [InlineData(1, -16)]
    [InlineData(1, 1)]
    [InlineData(1, 512)]
    [InlineData(1, 16)]
    public async Task TransferEvent_ForAnElementThatIsNotNext_FailsThatChannelOnly(byte number, long offset)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        var other = host.Open<HardwareData>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([2]));
        _ = host.Controller.Poll();
        ValueTask<int> reading = channel.ReadAsync(new byte[10]);
        ulong wild = host.Device.Channel(number).RingBase + (ulong)offset;
        host.Device.Post(0, RingElement.TransferEvent(wild, CompletionCode.EndOfTransfer, 1, number));
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.ProtocolViolation, channel.Failure!.Code);
        Assert.Contains($"channel {number}, LOOPBACK", channel.Failure.Message, StringComparison.Ordinal);
        Assert.Contains($"0x{wild:x}", channel.Failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MhiException>(async () => await reading);
        Assert.Equal(ChannelStatus.Down, channel.TryWrite([3]));
        Assert.Equal(ChannelStatus.Done, other.TryWrite([1]));

        // The channel was reset on the wire; closed and opened again it works.
        host.Settle(Task.CompletedTask);
        host.Settle(channel.CloseAsync(TimeSpan.Zero));
        Works(host);
    }

    [Fact]
    public void TransferEvent_ForAnElementAlreadyCompleted_IsIgnored()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([2]));
        _ = host.Controller.Poll();
        RingElement first = RingElement.TransferEvent(host.Device.Channel(0).RingBase, CompletionCode.EndOfTransfer, 1, 0);
        host.Device.Post(0, first);
        host.Device.Post(0, first);
        _ = host.Controller.Poll();
        Assert.Equal(1ul, host.Controller.Counters.IgnoredCompletions);
        Assert.Equal(1, channel.OutstandingBuffers);
        Assert.Null(channel.Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TransferEvent_OnAnotherEventRing_FailsTheChannel(byte number)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        host.Device.Post(1, RingElement.TransferEvent(host.Device.Channel(number).RingBase, CompletionCode.EndOfTransfer, 1, number));
        _ = host.Controller.Poll();
        Assert.Contains("event ring 1 instead of 0", channel.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x01)]
    [InlineData(0x07)]
    [InlineData(0x12)]
    [InlineData(0xff)]
    public void TransferEvent_WithAnUndefinedCode_EndsBadlyWhatIsNextAndNothingElse(byte code)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([2]));
        _ = host.Controller.Poll();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase + RingElement.Length, (CompletionCode)code, 1, 0));
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase + RingElement.Length, (CompletionCode)code, 1, 1));
        _ = host.Controller.Poll();
        Assert.Equal(2ul, host.Controller.Counters.IgnoredCompletions);
        Assert.Equal(2, channel.OutstandingBuffers);

        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase, (CompletionCode)code, 1, 0));
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, (CompletionCode)code, 1, 1));
        _ = host.Controller.Poll();
        Assert.Equal(2ul, host.Controller.Counters.IgnoredCompletions);
        Assert.Equal(1, channel.OutstandingBuffers);
        Assert.Equal(1ul, channel.DownlinkCounters.Failed);
        Assert.Null(channel.Failure);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void EndOfTransfer_CountsOnlyForTheLastElementOfAChain(int element, bool isGood)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(new byte[250]));
        _ = host.Controller.Poll();

        ulong named = host.Device.Channel(0).RingBase + ((ulong)element * RingElement.Length);
        host.Device.Post(0, RingElement.TransferEvent(named, CompletionCode.EndOfTransfer, 50, 0));
        _ = host.Controller.Poll();

        Assert.Equal(isGood ? null : MhiErrorCode.ProtocolViolation, channel.Failure?.Code);
        Assert.Equal(isGood ? 0 : 3, channel.OutstandingBuffers);
    }

    [Fact]
    public void ChangedElements_AreNotReadBack()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite(new byte[250]));
        _ = host.Controller.Poll();

        // The device marks the first of three chained elements as an end, so that completing it would look right.
        ulong ring = host.Device.Channel(0).RingBase;
        var forged = new RingElement(0xdead_beef, 0xffff, 0x00020200);
        System.Runtime.InteropServices.MemoryMarshal.Write(host.Device.Dma(ring, 16), in forged);
        host.Device.Post(0, RingElement.TransferEvent(ring, CompletionCode.EndOfTransfer, 1, 0));
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.ProtocolViolation, channel.Failure!.Code);
    }

    [Fact]
    public void DoorbellRequests_CostOneDoorbellEachAndNoMore()
    {
        using var host = ScriptedHost.InMissionMode();
        _ = host.Open<SmallLoopback>();
        host.Device.Writes.Clear();
        for (int i = 0; i < 100; i++)
        {
            host.Device.Post(0, RingElement.TransferEvent(0, CompletionCode.OutOfBuffers, 0, 1));
        }

        Assert.Equal(100, host.Controller.Poll());
        Assert.Equal(100 + 1, host.Device.Writes.Count / 2);
    }

    [Fact]
    public void SystemErrorFlood_IsHandledOnce()
    {
        using var host = ScriptedHost.InMissionMode();
        for (int i = 0; i < 100; i++)
        {
            host.Device.Post(0, RingElement.StateEvent(MhiState.SystemError));
        }

        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Equal(0, host.Controller.Poll());
    }

    private static void EventContextJump(ScriptedHost host, int ring, int elements)
    {
        host.Device.SetEventReadPointer(ring, host.Device.Event(ring).RingBase + (ulong)(elements * 16));
        _ = host.Controller.Poll();
        Assert.Equal(MhiErrorCode.ProtocolViolation, host.Controller.Failure!.Code);
    }

    private static void Works(ScriptedHost host)
    {
        var channel = host.Open<SmallLoopback>();
        Assert.Equal(ChannelStatus.Done, channel.TryWrite([1]));
        _ = host.Controller.Poll();
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(0).RingBase, CompletionCode.EndOfTransfer, 1, 0));
        _ = host.Controller.Poll();
        Assert.Equal(0, channel.OutstandingBuffers);
    }
}
