using System;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Mhi.Interop.Vfio;

/// <summary>Reads the list of capabilities that the kernel puts behind some of its answers.</summary>
/// <remarks>Safe code; a list that does not fit into its answer, or runs in a circle, ends where that is seen.</remarks>
internal static class CapabilityChain
{
    private const int HeaderLength = 8;
    private const int CountOffset = 8;
    private const int PairsOffset = 16;
    private const int PairLength = 16;

    /// <summary>Looks a capability up.</summary>
    /// <param name="answer">The whole answer.</param>
    /// <param name="first">Where in it the first capability is; 0 for none.</param>
    /// <param name="id">Which one is wanted.</param>
    /// <param name="capability">From its header to the end of the answer.</param>
    /// <returns>Whether there is one.</returns>
    internal static bool TryFind(ReadOnlySpan<byte> answer, uint first, ushort id, out ReadOnlySpan<byte> capability)
    {
        // Every step must lead on, so there are no more steps than headers that fit.
        uint previous = 0;
        for (uint offset = first; offset > previous && offset <= answer.Length - HeaderLength; offset = Read<uint>(answer, (int)offset + 4))
        {
            if (Read<ushort>(answer, (int)offset) == id)
            {
                capability = answer[(int)offset..];
                return true;
            }

            previous = offset;
        }

        capability = default;
        return false;
    }

    /// <summary>Reads a capability that is a counted list of pairs of 64-bit numbers.</summary>
    /// <param name="capability">The capability.</param>
    /// <returns>The pairs, as many as fit into the answer.</returns>
    internal static ImmutableArray<(ulong First, ulong Second)> ReadPairs(ReadOnlySpan<byte> capability)
    {
        if (capability.Length < PairsOffset)
        {
            return [];
        }

        int count = (int)Math.Min(Read<uint>(capability, CountOffset), (uint)(capability.Length - PairsOffset) / PairLength);
        var pairs = ImmutableArray.CreateBuilder<(ulong First, ulong Second)>(count);
        for (int i = 0; i < count; i++)
        {
            int offset = PairsOffset + (i * PairLength);
            pairs.Add((Read<ulong>(capability, offset), Read<ulong>(capability, offset + sizeof(ulong))));
        }

        return pairs.MoveToImmutable();
    }

    private static T Read<T>(ReadOnlySpan<byte> bytes, int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(bytes[offset..]);
}
