using System;
using System.Collections.Immutable;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>
/// Where contexts, event rings and command ring lie in their one region of DMA memory. Every ring begins at a multiple
/// of its own length, as the protocol wants it: the longest come first.
/// </summary>
internal sealed record ControlLayout(
    long Length,
    long Alignment,
    ImmutableArray<long> EventRings,
    long CommandRing,
    long ChannelContexts,
    long EventContexts,
    long CommandContext)
{
    internal static ControlLayout For(ImmutableArray<EventRingProfile> rings)
    {
        long[] lengths = new long[rings.Length + 1];
        int[] order = new int[lengths.Length];
        for (int i = 0; i < rings.Length; i++)
        {
            lengths[i] = (long)rings[i].Elements * RingElement.Length;
            order[i] = i;
        }

        lengths[^1] = Mhi.Rings.CommandRing.LengthBytes;
        order[^1] = rings.Length;
        Array.Sort(order, (left, right) => lengths[right].CompareTo(lengths[left]));

        // Descending powers of two: each offset is a multiple of every length still to come.
        long[] offsets = new long[lengths.Length];
        long end = 0;
        foreach (int i in order)
        {
            offsets[i] = end;
            end += lengths[i];
        }

        long channelContexts = end;
        long eventContexts = channelContexts + ((long)DeviceProfile.MaxChannels * RingContext.Length);
        long commandContext = eventContexts + ((long)rings.Length * RingContext.Length);
        return new ControlLayout(
            commandContext + RingContext.Length,
            lengths[order[0]],
            [.. offsets[..^1]],
            offsets[^1],
            channelContexts,
            eventContexts,
            commandContext);
    }
}
