using System;
using System.Collections.Immutable;
using Mhi.Interop;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;

namespace Mhi.Pci.VfioUser;

/// <summary>The parts of the BAR that the server lets the client map.</summary>
internal sealed class MappedBar : IDisposable
{
    private readonly MappedMemory _memory;
    private readonly (uint Start, MemoryWindow Window)[] _areas;

    private MappedBar(MappedMemory memory, (uint Start, MemoryWindow Window)[] areas)
    {
        _memory = memory;
        _areas = areas;
    }

    /// <summary>Maps what is offered.</summary>
    /// <param name="file">What came with the offer.</param>
    /// <param name="fileOffset">Where in it the BAR begins.</param>
    /// <param name="barLength">Length of the BAR.</param>
    /// <param name="areas">The parts that may be mapped.</param>
    /// <returns>The mapping; null when the offer makes no sense or cannot be taken, so that messages must do.</returns>
    internal static MappedBar? TryMap(FileDescriptor file, ulong fileOffset, uint barLength, ImmutableArray<BarArea> areas)
    {
        // A file of the server's: its end is checked here, and an access after it was cut finds all ones.
        if (areas.IsEmpty || !file.TryGetFile(out _, out long fileLength) || fileOffset >= (ulong)fileLength)
        {
            return null;
        }

        ulong end = Math.Min((ulong)fileLength, fileOffset + barLength);
        foreach (BarArea area in areas)
        {
            if (area.Length == 0 || area.Offset > barLength || area.Length > barLength - area.Offset || area.Offset + area.Length > end - fileOffset)
            {
                return null;
            }
        }

        MappedMemory memory;
        try
        {
            memory = file.Map((long)end, writable: true, FaultContents.Ones);
        }
        catch (Exception exception) when (exception is SystemCallException or NotSupportedException)
        {
            return null;
        }

        var windows = new (uint, MemoryWindow)[areas.Length];
        for (int i = 0; i < windows.Length; i++)
        {
            windows[i] = ((uint)areas[i].Offset, memory.Window((long)(fileOffset + areas[i].Offset), (long)areas[i].Length));
        }

        return new MappedBar(memory, windows);
    }

    /// <summary>Looks a register up.</summary>
    /// <param name="offset">Its offset in the BAR.</param>
    /// <param name="word">The register.</param>
    /// <returns>False when it is not in a mapped part.</returns>
    internal bool TryFind(uint offset, out SharedWord word)
    {
        foreach ((uint start, MemoryWindow window) in _areas)
        {
            if (offset >= start && window.TryWord(offset - start, out word))
            {
                return true;
            }
        }

        word = default;
        return false;
    }

    /// <summary>Unmaps it; no register may be accessed any more.</summary>
    public void Dispose() => _memory.Dispose();
}
