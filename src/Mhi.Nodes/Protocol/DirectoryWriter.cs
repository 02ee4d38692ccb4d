using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Mhi.Nodes.Protocol;

/// <summary>Packs the entries of a directory into the reply to READDIR, as many as fit.</summary>
internal ref struct DirectoryWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes used so far.</summary>
    internal int Length { get; private set; }

    /// <summary>Adds an entry.</summary>
    /// <param name="inode">Number of the file.</param>
    /// <param name="nextOffset">Where the kernel goes on behind this entry.</param>
    /// <param name="type">One of the types of <see cref="DirectoryEntry"/>.</param>
    /// <param name="name">Its name.</param>
    /// <returns>False when it does not fit; nothing was written then.</returns>
    internal bool TryAdd(ulong inode, ulong nextOffset, uint type, string name)
    {
        int head = Wire.SizeOf<DirectoryEntry>();
        int nameLength = Encoding.UTF8.GetByteCount(name);
        int length = (head + nameLength + 7) & ~7;
        if (length > _destination.Length - Length)
        {
            return false;
        }

        Span<byte> entry = _destination.Slice(Length, length);
        entry.Clear();
        MemoryMarshal.Write(
            entry, new DirectoryEntry { Inode = inode, NextOffset = nextOffset, NameLength = (uint)nameLength, Type = type });
        _ = Encoding.UTF8.GetBytes(name, entry[head..]);
        Length += length;
        return true;
    }
}
