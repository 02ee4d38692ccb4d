using System;
using System.Diagnostics.CodeAnalysis;
using Mhi.Controller;

namespace Mhi.Channels;

/// <summary>The exceptions of channel operations, kept out of the code that runs when nothing is wrong.</summary>
internal static class ChannelThrow
{
    [DoesNotReturn]
    internal static void Down(ChannelPair pair) => throw DownException(pair);

    internal static Exception DownException(ChannelPair pair)
    {
        MhiFailure failure = pair.Failure
            ?? new MhiFailure(MhiErrorCode.ChannelStopped, $"Channel {pair.Options.Name} is closed.", pair.Options.Name);
        return new MhiException(failure.Code, failure.Message, pair.Options.Name);
    }

    [DoesNotReturn]
    internal static void TimedOut(ChannelPair pair, string operation) =>
        throw new TimeoutException($"{operation} on channel {pair.Options.Name} of {pair.Controller.Name} did not finish in the time given. Nothing was lost: what was not taken stays where it was.");

    [DoesNotReturn]
    internal static void MessageTooLong(int length, int limit) =>
        throw new ArgumentOutOfRangeException(
            nameof(length), length, $"One packet of this channel has at most {limit} bytes. Use Write, which cuts longer data into packets, or raise poolDepth or mtu in channels.json.");

    [DoesNotReturn]
    internal static void Stolen() =>
        throw new InvalidOperationException("Another thread used this direction of the channel while an asynchronous operation was pending. One operation per direction at a time.");
}
