using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Network;

/// <summary>Writes NTB16 blocks, one after the other, in one fixed buffer.</summary>
internal sealed class NtbWriter
{
    // Aligned, so that padding never goes beyond it.
    private const int Capacity = NtbFormat.MaxBlock & ~(NtbFormat.Alignment - 1);

    private readonly byte[] _block = new byte[Capacity];
    private int _end;
    private int _link;
    private int _table;
    private int _capacity;
    private int _entries;
    private uint _signature;
    private ushort _sequence;

    /// <summary>Where the next datagram of the table goes; its length says what fits.</summary>
    public Span<byte> Room => _entries < _capacity ? _block.AsSpan(_end) : [];

    /// <summary>Counts blocks from 0 again.</summary>
    public void Restart() => _sequence = 0;

    /// <summary>Begins a block.</summary>
    public void Begin()
    {
        _end = NtbFormat.HeaderLength;
        _link = NtbFormat.FirstTable;
        Put(_link, 0);
    }

    /// <summary>Begins a table.</summary>
    /// <param name="signature">Its signature.</param>
    /// <param name="datagrams">How many datagrams it may get.</param>
    public void BeginTable(uint signature, int datagrams)
    {
        _table = _end;
        _signature = signature;
        _entries = 0;

        // One entry more: the end of the table.
        int length = Math.Max(NtbFormat.TableHeader + ((datagrams + 1) * NtbFormat.EntryLength), NtbFormat.MinTableLength);
        bool fits = length <= Capacity - _end;
        _capacity = fits ? datagrams : 0;
        _end += fits ? length : 0;
    }

    /// <summary>Adds the datagram that was written to <see cref="Room"/>.</summary>
    /// <param name="length">Its length, at most that of the room.</param>
    public void Add(int length)
    {
        int entry = _table + NtbFormat.TableHeader + (_entries * NtbFormat.EntryLength);
        Put(entry, (ushort)_end);
        Put(entry + 2, (ushort)length);
        _entries++;
        int end = _end + length;
        _end = (end + NtbFormat.Alignment - 1) & ~(NtbFormat.Alignment - 1);
        _block.AsSpan(end, _end - end).Clear();
    }

    /// <summary>Ends the table; one without datagrams is left out.</summary>
    public void EndTable()
    {
        if (_entries == 0)
        {
            _end = _table;
            return;
        }

        // What the table has no datagrams for is its end.
        int used = NtbFormat.TableHeader + (_entries * NtbFormat.EntryLength);
        int length = NtbFormat.TableHeader + ((_capacity + 1) * NtbFormat.EntryLength);
        _block.AsSpan(_table + used, length - used).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(_table), _signature);
        Put(_table + NtbFormat.TableLength, (ushort)length);
        Put(_table + NtbFormat.NextTable, 0);
        Put(_link, (ushort)_table);
        _link = _table + NtbFormat.NextTable;
    }

    /// <summary>Ends the block.</summary>
    /// <param name="block">The block, valid until the next begins.</param>
    /// <returns>Whether there is anything in it.</returns>
    public bool TryFinish(out ReadOnlySpan<byte> block)
    {
        block = _block.AsSpan(0, _end);
        if (_end == NtbFormat.HeaderLength)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_block, NtbFormat.HeaderSignature);
        Put(4, NtbFormat.HeaderLength);
        Put(NtbFormat.Sequence, _sequence++);
        Put(NtbFormat.BlockLength, (ushort)_end);
        return true;
    }

    private void Put(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_block.AsSpan(offset), value);
}
