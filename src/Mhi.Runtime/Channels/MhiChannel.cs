using System;
using System.Threading.Tasks;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>What every open channel has, whatever its directions: a name, a state, an end.</summary>
/// <remarks>
/// One thread writes and one reads at a time; the two may be different. Closing may happen from any thread and ends the
/// operations under way.
/// </remarks>
public abstract class MhiChannel : IDisposable, IAsyncDisposable
{
    /// <summary>How long <see cref="Dispose"/> waits for queued uplink data before the channel is reset.</summary>
    public static readonly TimeSpan DefaultLinger = TimeSpan.FromSeconds(1);

    private protected MhiChannel(ChannelConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Pair = connection.Pair;
    }

    /// <summary>Refuses a connection that was opened for another definition, and closes it: nobody else would.</summary>
    /// <typeparam name="TDefinition">The definition of the channel being made.</typeparam>
    private protected void CheckDefinition<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        ChannelOptions expected = ChannelOptions.Of<TDefinition>();
        if (Pair.Options != expected)
        {
            _ = Pair.Controller.CloseChannelAsync(Pair, TimeSpan.Zero);
            throw new ArgumentException($"The connection was opened for another definition of {Pair.Options.Name} (MTU {Pair.Options.Mtu}) than {typeof(TDefinition).Name} (MTU {expected.Mtu}). Open it with the definition it is used with.");
        }
    }

    /// <summary>Name of the channel, as in the device's table.</summary>
    public string Name => Pair.Options.Name;

    /// <summary>The controller of the device.</summary>
    public MhiController Controller => Pair.Controller;

    /// <summary>Why the channel went down; null while it is up.</summary>
    public MhiFailure? Failure => Pair.Failure;

    /// <summary>The channel's meeting place with the poll thread.</summary>
    internal ChannelPair Pair { get; }

    /// <summary>
    /// Pauses the channel: the device is told to STOP, rings and buffers stay. Reads still deliver what has arrived;
    /// writes are taken until the pool is full.
    /// </summary>
    /// <returns>Completes when the device has confirmed.</returns>
    public Task StopAsync() => Pair.Controller.SetRunningAsync(Pair, run: false);

    /// <summary>Ends a pause: the device is told to START, and of everything queued meanwhile.</summary>
    /// <returns>Completes when the device has confirmed.</returns>
    public Task StartAsync() => Pair.Controller.SetRunningAsync(Pair, run: true);

    /// <summary>Closes the channel: waits for queued uplink data, at most the linger time, then resets it.</summary>
    /// <param name="linger">Longest wait for queued data; null takes <see cref="DefaultLinger"/>, zero waits not at all.</param>
    /// <returns>
    /// Completes when the channel is closed. Data that did not get out in time is dropped. Asked again, the first close
    /// goes on as it was asked for.
    /// </returns>
    public Task CloseAsync(TimeSpan? linger = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(linger ?? DefaultLinger, TimeSpan.Zero, nameof(linger));
        return Pair.Controller.CloseChannelAsync(Pair, linger ?? DefaultLinger);
    }

    /// <summary>
    /// Closes the channel and waits until it is closed. Another thread must be polling the controller: with none, this waits
    /// for ever. A thread that polls for itself calls <see cref="CloseAsync"/>, polls until that has completed, and disposes
    /// then.
    /// </summary>
    public void Dispose()
    {
        if (!Pair.Closed.Task.IsCompleted)
        {
            CloseAsync().GetAwaiter().GetResult();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the channel.</summary>
    /// <returns>Completes when it is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (!Pair.Closed.Task.IsCompleted)
        {
            await CloseAsync().ConfigureAwait(false);
        }

        GC.SuppressFinalize(this);
    }
}
