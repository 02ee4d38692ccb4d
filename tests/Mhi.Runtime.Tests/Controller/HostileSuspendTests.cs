using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>Devices that do not suspend or resume as they should: the controller fails with a sentence, and nothing hangs.</summary>
public class HostileSuspendTests
{
    [Theory]
    [InlineData(0x201u, MhiErrorCode.NotReady, "did not confirm M3")]
    [InlineData(0xff04u, MhiErrorCode.SystemError, "did not confirm M3")]
    [InlineData(0xffff_ffffu, MhiErrorCode.DeviceRemoved, "did not confirm M3")]
    public async Task DeviceThatNeverAnswersM3_Fails(uint status, MhiErrorCode code, string words)
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        host.Device.Values[MhiRegisters.Status] = status;
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        await AssertFailed(host, suspending, code, words);
        Assert.Equal(code, channel.Failure!.Code);
    }

    [Fact]
    public async Task DeviceThatNeverAnswersM0_Fails()
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        Task resuming = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        host.Time.Advance(TimeSpan.FromSeconds(21));
        _ = host.Controller.Poll();
        await AssertFailed(host, resuming, MhiErrorCode.NotReady, "did not confirm M0");
    }

    [Theory]
    [InlineData(0x201u, MhiErrorCode.ProtocolViolation, "left it without being asked")]
    [InlineData(0xff04u, MhiErrorCode.SystemError, "SYS_ERR")]
    [InlineData(0xffff_ffffu, MhiErrorCode.DeviceRemoved, "left the bus")]
    public async Task DeviceThatIsNotInM3WhenResumed_Fails(uint status, MhiErrorCode code, string words)
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        host.Device.Values[MhiRegisters.Status] = status;
        Task resuming = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        await AssertFailed(host, resuming, code, words);
    }

    [Fact]
    public async Task M0EventOfADeviceStillInM3_Fails()
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        Task resuming = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        host.Device.Post(0, RingElement.StateEvent(MhiState.M0));
        _ = host.Controller.Poll();
        await AssertFailed(host, resuming, MhiErrorCode.ProtocolViolation, "MHISTATUS says 0x501");
    }

    [Theory]
    [InlineData(MhiState.M1)]
    [InlineData(MhiState.M2)]
    public async Task DeviceThatGoesIdleAtOnce_HasResumed(MhiState state)
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        Task resuming = host.Controller.ResumeAsync();
        _ = host.Controller.Poll();
        host.Device.Enter(MhiState.M0);
        host.Device.Enter(state);
        _ = host.Controller.Poll();
        await resuming;
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
    }

    [Theory]
    [InlineData(MhiState.M3)]
    [InlineData(MhiState.M2)]
    [InlineData(MhiState.Ready)]
    public void StateEventsNobodyAskedFor_AreCountedAndIgnored(MhiState state)
    {
        using var host = ScriptedHost.InMissionMode();
        host.Device.Post(0, RingElement.StateEvent(state));
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.MissionMode, host.Controller.State);
        Assert.Equal(1ul, host.Controller.Counters.IgnoredEvents);
    }

    [Fact]
    public void M0EventWhileSuspending_IsNoAnswer()
    {
        using var host = ScriptedHost.InMissionMode();
        _ = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        host.Device.Post(0, RingElement.StateEvent(MhiState.M0));
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Suspending, host.Controller.State);
        Assert.Equal(1ul, host.Controller.Counters.IgnoredEvents);
    }

    [Fact]
    public void EventInM3_ResumesBeforeItIsHandled()
    {
        using var host = ScriptedHost.InMissionMode();
        var channel = host.Open<SmallLoopback>();
        Suspend(host);
        int writes = host.Device.Writes.Count;
        host.Device.Post(0, RingElement.TransferEvent(host.Device.Channel(1).RingBase, CompletionCode.EndOfTransfer, 3, 1));
        _ = host.Controller.Poll();
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        Assert.Equal(writes + 1, host.Device.Writes.Count);
        host.Device.Enter(MhiState.M0);
        _ = host.Controller.Poll();
        Assert.Equal(3, channel.Read(new byte[9]));
    }

    [Fact]
    public async Task ForgedCompletionsAtRest_RingNoDoorbell()
    {
        using var host = ScriptedHost.InMissionMode();
        Suspend(host);
        Task opening = ChannelConnection.OpenAsync<SmallLoopback>(host.Controller);
        _ = host.Controller.Poll();
        int writes = host.Device.Writes.Count;
        ulong command = host.Device.Command().RingBase;
        host.Device.Post(0, RingElement.CommandEvent(command, CompletionCode.Success));
        host.Device.Post(0, RingElement.CommandEvent(command + 16, CompletionCode.Success));
        host.Device.Post(0, RingElement.TransferEvent(0, CompletionCode.OutOfBuffers, 0, 1));
        _ = host.Controller.Poll();
        await opening;
        Assert.Equal(MhiControllerState.Resuming, host.Controller.State);
        Assert.Equal(writes, host.Device.Writes.Count);

        host.Device.Enter(MhiState.M0);
        _ = host.Controller.Poll();
        Assert.Equal(host.Device.Channel(1).WritePointer, host.Device.ChannelDoorbell(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SystemError_AtRest_FailsTheController(bool resuming)
    {
        using var host = ScriptedHost.InMissionMode();
        Task task = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        if (resuming)
        {
            host.Device.Enter(MhiState.M3);
            _ = host.Controller.Poll();
            await task;
            task = host.Controller.ResumeAsync();
            _ = host.Controller.Poll();
        }

        // As a device tells it that sends no event: a look at the register after an interrupt finds it.
        host.Device.Values[MhiRegisters.Status] = 0xff04;
        host.Controller.CheckDevice();
        await AssertFailed(host, task, MhiErrorCode.SystemError, "SYS_ERR");
        host.PowerUp();
    }

    private static void Suspend(ScriptedHost host)
    {
        Task suspending = host.Controller.SuspendAsync();
        _ = host.Controller.Poll();
        host.Device.Enter(MhiState.M3);
        _ = host.Controller.Poll();
        Assert.True(suspending.IsCompletedSuccessfully);
    }

    private static async Task AssertFailed(ScriptedHost host, Task task, MhiErrorCode code, string words)
    {
        var exception = await Assert.ThrowsAsync<MhiException>(() => task);
        Assert.Equal(code, exception.Code);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Equal(MhiControllerState.Failed, host.Controller.State);
        Assert.Equal(exception.Message, host.Controller.Failure!.Message);
        Assert.False(host.Device.IsBusMaster);
    }
}
