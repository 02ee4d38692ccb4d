using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Pci;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>A controller that the test's own thread polls, so that the test may touch the function, too.</summary>
internal sealed class PolledHost<TRegisters> : IDisposable
    where TRegisters : struct, IRegisterAccess
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public PolledHost(IPciFunction<TRegisters> function, DeviceProfile profile)
    {
        Function = function;
        Controller = MhiController.Create(function, profile);
    }

    public IPciFunction<TRegisters> Function { get; }

    public MhiController Controller { get; }

    public static PolledHost<TRegisters> InMissionMode(IPciFunction<TRegisters> function, DeviceProfile profile)
    {
        var host = new PolledHost<TRegisters>(function, profile);
        host.Run(host.Controller.PowerUpAsync());
        return host;
    }

    /// <summary>Polls until a task has ended.</summary>
    public void Run(Task task)
    {
        PollUntil(() => task.IsCompleted);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Polls until something is true; the limit only ends what hangs.</summary>
    public void PollUntil(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (Controller.Poll() == 0)
            {
                Assert.True(clock.Elapsed < s_limit, "what is waited for does not happen");
                Thread.Yield();
            }
        }
    }

    public MhiDuplexChannel<TDefinition> Open<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<TDefinition>(Controller);
        Run(opening);
        return opening.Result.AsDuplex<TDefinition>();
    }

    /// <summary>Sends a message and waits for its echo, without an allocation.</summary>
    public void Echo<TDefinition>(MhiDuplexChannel<TDefinition> channel, ReadOnlySpan<byte> message, Span<byte> echo)
        where TDefinition : struct, IChannelDefinition
    {
        Assert.True(channel.TryWrite(message) == ChannelStatus.Done);
        Receive(channel, echo[..message.Length]);
        Assert.True(message.SequenceEqual(echo[..message.Length]));
    }

    /// <summary>Receives so many bytes.</summary>
    public void Receive<TDefinition>(MhiDuplexChannel<TDefinition> channel, Span<byte> bytes)
        where TDefinition : struct, IChannelDefinition
    {
        long start = Stopwatch.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            if (channel.TryRead(bytes, out int count) == ChannelStatus.Done)
            {
                bytes = bytes[count..];
            }
            else if (Controller.Poll() == 0)
            {
                Assert.True(Stopwatch.GetElapsedTime(start) < s_limit, "the echo does not come");
                Thread.Yield();
            }
        }
    }

    public void Dispose() => Controller.Dispose();
}
