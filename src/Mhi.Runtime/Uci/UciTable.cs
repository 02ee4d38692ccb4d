using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Mhi.Channels;
using Mhi.Protocol;

namespace Mhi.Uci;

/// <summary>The channels that a host publishes: an allow-list, looked up by exact name.</summary>
public sealed class UciTable
{
    private readonly ImmutableArray<UciTableEntry> _entries;

    /// <summary>Builds a table.</summary>
    /// <param name="entries">Its entries; the first hit wins, and an empty name ends the table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A transfer size that leaves no byte for a receive buffer.</exception>
    /// <exception cref="ArgumentException">A pool depth or direction that no channel can have.</exception>
    public UciTable(IEnumerable<UciTableEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ImmutableArray<UciTableEntry>.Builder all = ImmutableArray.CreateBuilder<UciTableEntry>();
        foreach (UciTableEntry entry in entries)
        {
            ArgumentNullException.ThrowIfNull(entry, nameof(entries));
            if (entry.Name.Length == 0)
            {
                break;
            }

            UciTableEntry effective = entry with { MaxTransferBytes = Math.Min(entry.MaxTransferBytes, RingElement.MaxTransferLength) };
            ArgumentOutOfRangeException.ThrowIfLessThan(effective.MaxTransferBytes, 1, nameof(entries));
            ArgumentOutOfRangeException.ThrowIfLessThan(effective.ReceiveCapacity, 1, nameof(entries));
            effective.ToOptions(effective.Directions).Check($"The table's entry {entry.Name}", nameof(entries));
            all.Add(effective);
        }

        _entries = all.ToImmutable();
    }

    /// <summary>LOOPBACK with transfers of up to 4096 bytes, and nothing else.</summary>
    public static UciTable Default { get; } = new([new UciTableEntry("LOOPBACK", 0x1000)]);

    /// <summary>The entries, transfer sizes limited to what a descriptor can carry.</summary>
    public IReadOnlyList<UciTableEntry> Entries => _entries;

    /// <summary>Makes a table of the compiled <c>channels.json</c>.</summary>
    /// <param name="entries">Its rows, such as the generated <c>ChannelTable.Entries</c>.</param>
    /// <returns>The table.</returns>
    public static UciTable From(ReadOnlySpan<ChannelTableEntry> entries)
    {
        List<UciTableEntry> all = [];
        foreach (ChannelTableEntry entry in entries)
        {
            all.Add(new UciTableEntry(entry.Name, entry.Mtu)
            {
                Directions = entry.Directions,
                PoolDepth = entry.PoolDepth,
                DeliverEmptyPackets = entry.DeliverEmptyPackets,
                WritePolicy = entry.WritePolicy,
            });
        }

        return new UciTable(all);
    }

    /// <summary>Finds the entry of a channel: ordinal, case-sensitive.</summary>
    /// <param name="channelName">Name of the channel.</param>
    /// <returns>The first entry of that name, or null.</returns>
    public UciTableEntry? Find(string channelName)
    {
        foreach (UciTableEntry entry in _entries)
        {
            if (entry.Name == channelName)
            {
                return entry;
            }
        }

        return null;
    }
}
