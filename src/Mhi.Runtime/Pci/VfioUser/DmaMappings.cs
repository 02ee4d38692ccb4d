using System;
using System.Collections.Generic;
using System.Threading;

namespace Mhi.Pci.VfioUser;

/// <summary>What the server may reach, for servers that ask by message instead of mapping what they were given.</summary>
/// <remarks>
/// The driver's thread adds and removes regions, the reader's thread copies; under one lock, so that no region is unmapped in
/// the middle of a copy. An access that is not inside one region, or comes while the function is no bus master, is refused.
/// </remarks>
internal sealed class DmaMappings
{
    private readonly Lock _lock = new();
    private readonly List<DmaRegion> _regions = [];
    private bool _isBusMaster;

    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _regions.Count;
            }
        }
    }

    /// <summary>Whether a region is the function's.</summary>
    internal bool Contains(DmaRegion region)
    {
        lock (_lock)
        {
            return _regions.Contains(region);
        }
    }

    internal void Add(DmaRegion region)
    {
        lock (_lock)
        {
            _regions.Add(region);
        }
    }

    internal void Remove(DmaRegion region)
    {
        lock (_lock)
        {
            _ = _regions.Remove(region);
        }
    }

    /// <summary>Takes the region that was added last, if there is one.</summary>
    internal DmaRegion? TakeLast()
    {
        lock (_lock)
        {
            if (_regions.Count == 0)
            {
                return null;
            }

            DmaRegion region = _regions[^1];
            _regions.RemoveAt(_regions.Count - 1);
            return region;
        }
    }

    /// <summary>Lets accesses through, or none. When it returns, none that came before is under way.</summary>
    internal void SetBusMaster(bool enabled)
    {
        lock (_lock)
        {
            _isBusMaster = enabled;
        }
    }

    internal bool TryRead(ulong address, Span<byte> destination)
    {
        lock (_lock)
        {
            if (!TryFind(address, destination.Length, out Span<byte> bytes))
            {
                return false;
            }

            bytes.CopyTo(destination);
            return true;
        }
    }

    internal bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        lock (_lock)
        {
            if (!TryFind(address, source.Length, out Span<byte> bytes))
            {
                return false;
            }

            source.CopyTo(bytes);
            return true;
        }
    }

    private bool TryFind(ulong address, int length, out Span<byte> bytes)
    {
        if (_isBusMaster)
        {
            foreach (DmaRegion region in _regions)
            {
                // Below the region the difference wraps to more than any length.
                ulong offset = address - region.BusAddress;
                if (offset <= (ulong)region.Length && (ulong)length <= (ulong)region.Length - offset)
                {
                    bytes = region.Memory.Slice((long)offset, length);
                    return true;
                }
            }
        }

        bytes = [];
        return false;
    }
}
