using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Endpoint.Dma;
using Mhi.Interop;
using Mhi.Interop.Sockets;
using Mhi.Pci.VfioUser.Protocol;

namespace Mhi.Endpoint.VfioUser;

/// <summary>The client's ranges of memory: DMA_MAP and DMA_UNMAP.</summary>
/// <remarks>
/// A guest with an IOMMU maps page by page, and every page comes with a descriptor of its own for the same file. A file is
/// therefore mapped once, whole, found again by its identity, and only one descriptor of it is kept. Socket thread only,
/// but for the question whether a file has been cut.
/// </remarks>
internal sealed class GuestMemory
{
    /// <summary>Most ranges at a time; what the protocol assumes when nothing is said.</summary>
    internal const int MaxRanges = 65535;

    private readonly DmaTranslation _translation;
    private readonly Dictionary<FileIdentity, GuestFile> _files = [];
    private readonly Dictionary<ulong, GuestFile> _ranges = [];
    private readonly List<ulong> _removed = [];
    private readonly Lock _mappedLock = new();

    // Also those that a newer mapping of the same file has replaced.
    private readonly List<GuestFile> _mapped = [];

    internal GuestMemory(DmaTranslation translation)
    {
        _translation = translation;
    }

    /// <summary>Files mapped now.</summary>
    internal int FileCount => _files.Count;

    /// <summary>Whether the client has cut a file after sharing it, and the device found out. Any thread.</summary>
    internal bool IsGone
    {
        get
        {
            lock (_mappedLock)
            {
                return _mapped.Exists(file => file.Memory.IsGone);
            }
        }
    }

    /// <summary>Makes a range reachable.</summary>
    /// <param name="iova">Its bus address.</param>
    /// <param name="length">Its length.</param>
    /// <param name="access">What the device may do.</param>
    /// <param name="offset">Where it begins in the file.</param>
    /// <param name="descriptor">The file; null when messages are the only way. Closed by the caller unless it was kept.</param>
    /// <returns>What is wrong.</returns>
    internal ErrorNumber Map(ulong iova, ulong length, DmaAccess access, ulong offset, FileDescriptor? descriptor)
    {
        if (length == 0 || iova + (length - 1) < iova)
        {
            return ErrorNumber.Invalid;
        }

        if (_translation.Count >= MaxRanges)
        {
            return ErrorNumber.NoSpace;
        }

        if (descriptor is null)
        {
            return _translation.TryMapRemote(iova, length, access) ? ErrorNumber.None : ErrorNumber.Exists;
        }

        GuestFile? file = Open(descriptor, offset, length, (access & DmaAccess.Write) != 0);
        if (file is null)
        {
            return ErrorNumber.Invalid;
        }

        if (!_translation.TryMap(iova, file.Memory.Window((long)offset, (long)length), access))
        {
            Release(file);
            return ErrorNumber.Exists;
        }

        file.Ranges++;
        _ranges.Add(iova, file);
        return ErrorNumber.None;
    }

    /// <summary>Takes all ranges inside a range away. The device uses none of them any more when it returns.</summary>
    /// <param name="first">First bus address.</param>
    /// <param name="last">Last bus address.</param>
    /// <returns>What is wrong: only a range that would be cut in two.</returns>
    internal ErrorNumber Unmap(ulong first, ulong last)
    {
        _removed.Clear();
        if (_translation.TryUnmapRange(first, last, _removed) < 0)
        {
            return ErrorNumber.Invalid;
        }

        foreach (ulong start in _removed)
        {
            if (_ranges.Remove(start, out GuestFile? file))
            {
                file.Ranges--;
                Release(file);
            }
        }

        return ErrorNumber.None;
    }

    private GuestFile? Open(FileDescriptor descriptor, ulong offset, ulong length, bool write)
    {
        if (!descriptor.TryGetFile(out FileIdentity identity, out long fileLength)
            || offset > (ulong)fileLength
            || length > (ulong)fileLength - offset)
        {
            return null;
        }

        if (_files.TryGetValue(identity, out GuestFile? known)
            && offset + length <= (ulong)known.Memory.Length
            && (known.IsWritable || !write))
        {
            return known;
        }

        GuestFile? file = TryMapFile(descriptor, identity, fileLength, writable: true)
            ?? (write ? null : TryMapFile(descriptor, identity, fileLength, writable: false));
        if (file is not null)
        {
            // A file that has grown, or was known for reading only: ranges of the old mapping keep it until they go.
            _files[identity] = file;
            lock (_mappedLock)
            {
                _mapped.Add(file);
            }
        }

        return file;
    }

    private static GuestFile? TryMapFile(FileDescriptor descriptor, FileIdentity identity, long length, bool writable)
    {
        try
        {
            return new GuestFile(identity, descriptor.Map(length, writable), writable);
        }
        catch (Exception exception) when (exception is SystemCallException or NotSupportedException)
        {
            return null;
        }
    }

    private void Release(GuestFile file)
    {
        if (file.Ranges != 0)
        {
            return;
        }

        if (_files.TryGetValue(file.Identity, out GuestFile? current) && current == file)
        {
            _ = _files.Remove(file.Identity);
        }

        lock (_mappedLock)
        {
            _ = _mapped.Remove(file);
        }

        file.Memory.Dispose();
    }
}
