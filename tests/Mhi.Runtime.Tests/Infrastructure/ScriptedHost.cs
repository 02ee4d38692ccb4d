using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>A controller over a <see cref="ScriptedDevice"/>, stepped by the test.</summary>
internal sealed class ScriptedHost : IDisposable
{
    public ScriptedHost(MhiControllerOptions? options = null, ScriptedDevice? device = null, DeviceProfile? profile = null)
    {
        Device = device ?? new ScriptedDevice();
        options ??= new MhiControllerOptions();
        Controller = MhiController.Create(Device, profile ?? KnownProfiles.FoxconnT99W175, options with { TimeProvider = Time });
    }

    public ScriptedDevice Device { get; }

    public ManualTime Time { get; } = new();

    public MhiController Controller { get; }

    public static ScriptedHost InMissionMode(MhiControllerOptions? options = null, DeviceProfile? profile = null)
    {
        var host = new ScriptedHost(options, profile: profile);
        host.PowerUp();
        return host;
    }

    public void PowerUp()
    {
        Task done = Controller.PowerUpAsync();
        _ = Controller.Poll();
        Assert.Equal(MhiControllerState.WaitingForM0, Controller.State);
        Device.Enter(MhiState.M0);
        Device.Post(0, RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        _ = Controller.Poll();
        Assert.True(done.IsCompletedSuccessfully);
    }

    /// <summary>Opens a channel, the device answering every command.</summary>
    public MhiDuplexChannel<TDefinition> Open<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<TDefinition>(Controller);
        Settle(opening);
        return opening.Result.AsDuplex<TDefinition>();
    }

    /// <summary>Polls, the device answering every command, until a task ends.</summary>
    public void Settle(Task task)
    {
        for (int i = 0; i < 20 && Controller.Poll() + Device.AnswerCommands() != 0; i++)
        {
        }

        // What is left runs on the thread pool, for the poll thread runs no continuations.
        Assert.True(task.Wait(TimeSpan.FromSeconds(10)), "the task did not end");
    }

    public void Dispose()
    {
        Controller.Dispose();
        Assert.True(Device.IsDisposed);
    }
}
