using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>Host and emulated device, both stepped by the test's own thread.</summary>
internal sealed class SteppedPair : IDisposable
{
    private SteppedPair(MhiControllerOptions? options)
    {
        Modem = new EmulatedModem();
        Controller = MhiController.Create(Modem.Function, KnownProfiles.FoxconnT99W175, options);
    }

    public EmulatedModem Modem { get; }

    public MhiController Controller { get; }

    public static SteppedPair InMissionMode(MhiControllerOptions? options = null)
    {
        var pair = new SteppedPair(options);
        pair.Run(pair.Controller.PowerUpAsync());
        return pair;
    }

    public MhiDuplexChannel<TDefinition> Open<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<TDefinition>(Controller);
        Run(opening);
        return opening.Result.AsDuplex<TDefinition>();
    }

    /// <summary>Steps both sides once each.</summary>
    public int Step() => Controller.Poll() + Modem.Poll();

    /// <summary>Steps until a task has ended; a bound on the steps stands for "does not hang".</summary>
    public void Run(Task task)
    {
        for (int i = 0; i < 1_000_000 && !task.IsCompleted; i++)
        {
            if (Step() == 0)
            {
                // What is left, if anything, is a continuation on the thread pool, or a moment of the clock.
                _ = task.Wait(1);
            }
        }

        Assert.True(task.IsCompleted, "the task did not end");
        task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Controller.Dispose();
        Modem.Dispose();
    }
}
