using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>An open channel before it has a type: what the generated classes are made over.</summary>
public sealed class ChannelConnection
{
    private ChannelConnection(ChannelPair pair)
    {
        Pair = pair;
    }

    /// <summary>The channel's meeting place with the poll thread.</summary>
    internal ChannelPair Pair { get; }

    /// <summary>Opens a channel and blocks until it runs. Another thread must be polling the controller.</summary>
    /// <typeparam name="TDefinition">The channel.</typeparam>
    /// <param name="controller">A controller in mission mode.</param>
    /// <param name="timeout">Longest wait; zero waits as long as the controller's command time-out allows.</param>
    /// <returns>The open channel.</returns>
    /// <exception cref="MhiException">The channel cannot be opened; the message says why.</exception>
    /// <exception cref="TimeoutException">The time is over. The channel is not open.</exception>
    public static ChannelConnection Open<TDefinition>(MhiController controller, TimeSpan timeout = default)
        where TDefinition : struct, IChannelDefinition
    {
        ArgumentNullException.ThrowIfNull(controller);
        ChannelOpening opening = controller.BeginOpenChannel(ChannelOptions.Of<TDefinition>());
        if (timeout > TimeSpan.Zero && !((IAsyncResult)opening.Task).AsyncWaitHandle.WaitOne(timeout))
        {
            opening.Abort();
            throw new TimeoutException($"Channel {TDefinition.Name} of {controller.Name} did not open within {timeout.TotalSeconds:0.###} s.");
        }

        return new ChannelConnection(opening.Task.GetAwaiter().GetResult());
    }

    /// <summary>Opens a channel.</summary>
    /// <typeparam name="TDefinition">The channel.</typeparam>
    /// <param name="controller">A controller in mission mode; somebody must be polling it.</param>
    /// <param name="cancellationToken">Gives up; the channel is not open then.</param>
    /// <returns>Completes with the open channel.</returns>
    /// <exception cref="MhiException">The channel cannot be opened; the message says why.</exception>
    public static async Task<ChannelConnection> OpenAsync<TDefinition>(MhiController controller, CancellationToken cancellationToken = default)
        where TDefinition : struct, IChannelDefinition
    {
        ArgumentNullException.ThrowIfNull(controller);
        cancellationToken.ThrowIfCancellationRequested();
        ChannelOpening opening = controller.BeginOpenChannel(ChannelOptions.Of<TDefinition>());
        try
        {
            return new ChannelConnection(await opening.Task.WaitAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            opening.Abort();
            throw;
        }
    }

    /// <summary>The connection as a channel pair, for code that has the definition but no generated class at hand.</summary>
    /// <typeparam name="TDefinition">The definition the connection was opened for.</typeparam>
    /// <returns>The channel. A connection is made into one channel only.</returns>
    public MhiDuplexChannel<TDefinition> AsDuplex<TDefinition>()
        where TDefinition : struct, IChannelDefinition => new(this);
}
