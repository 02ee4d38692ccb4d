using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Network;

/// <summary>Reads an NTB16 that was checked as a whole before: every table and datagram lies inside of it.</summary>
internal ref struct NtbReader
{
    private readonly ReadOnlySpan<byte> _block;
    private int _nextTable;
    private int _nextEntry;

    private NtbReader(ReadOnlySpan<byte> block)
    {
        _block = block;
        _nextTable = Word(block, NtbFormat.FirstTable);
    }

    /// <summary>Signature of the table: what it is, and its session.</summary>
    public uint Signature { get; private set; }

    /// <summary>How many datagrams the table has.</summary>
    public int Datagrams { get; private set; }

    /// <summary>Whether the datagrams of the table are IP packets.</summary>
    public readonly bool IsIp => (Signature & NtbFormat.SignatureMask) == NtbFormat.IpSignature;

    /// <summary>Checks a block.</summary>
    /// <param name="packet">What the host has sent.</param>
    /// <param name="reader">Before the first table.</param>
    /// <returns>Whether the block is well-formed.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> packet, out NtbReader reader)
    {
        reader = default;
        if (packet.Length is < NtbFormat.HeaderLength or > NtbFormat.MaxBlock
            || BinaryPrimitives.ReadUInt32LittleEndian(packet) != NtbFormat.HeaderSignature
            || Word(packet, 4) != NtbFormat.HeaderLength)
        {
            return false;
        }

        // A length of 0 leaves it to the end of the transfer.
        int length = Word(packet, NtbFormat.BlockLength);
        if (length > packet.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> block = length == 0 ? packet : packet[..length];
        int table = block.Length < NtbFormat.HeaderLength ? 0 : Word(block, NtbFormat.FirstTable);

        // What the tables and datagrams may take together. It ends chains that run in circles and datagrams named many times.
        int left = block.Length - NtbFormat.HeaderLength;
        do
        {
            if (!TryCheckTable(block, table, ref left))
            {
                return false;
            }

            table = Word(block, table + NtbFormat.NextTable);
        }
        while (table != 0);

        reader = new NtbReader(block);
        return true;
    }

    /// <summary>Goes on to the next table, the first one at first.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveToNextTable()
    {
        int table = _nextTable;
        if (table == 0)
        {
            return false;
        }

        _nextTable = Word(_block, table + NtbFormat.NextTable);
        _nextEntry = table + NtbFormat.TableHeader;
        Signature = BinaryPrimitives.ReadUInt32LittleEndian(_block[table..]);
        Datagrams = 0;
        while (!IsEnd(_block, _nextEntry + (Datagrams * NtbFormat.EntryLength)))
        {
            Datagrams++;
        }

        return true;
    }

    /// <summary>Takes the next datagram of the table.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <returns>Whether there was one.</returns>
    public bool TryTake(out ReadOnlySpan<byte> datagram)
    {
        if (IsEnd(_block, _nextEntry))
        {
            datagram = default;
            return false;
        }

        datagram = _block.Slice(Word(_block, _nextEntry), Word(_block, _nextEntry + 2));
        _nextEntry += NtbFormat.EntryLength;
        return true;
    }

    private static bool TryCheckTable(ReadOnlySpan<byte> block, int table, ref int left)
    {
        if (table < NtbFormat.HeaderLength
            || table % NtbFormat.Alignment != 0
            || table > block.Length - NtbFormat.MinTableLength)
        {
            return false;
        }

        int length = Word(block, table + NtbFormat.TableLength);
        left -= length;
        if (length < NtbFormat.MinTableLength || length % NtbFormat.EntryLength != 0 || length > block.Length - table || left < 0)
        {
            return false;
        }

        for (int entry = table + NtbFormat.TableHeader; entry < table + length; entry += NtbFormat.EntryLength)
        {
            if (IsEnd(block, entry))
            {
                return true;
            }

            int index = Word(block, entry);
            int size = Word(block, entry + 2);
            left -= size;
            if (index < NtbFormat.HeaderLength || index > block.Length || size > block.Length - index || left < 0)
            {
                return false;
            }
        }

        // The table has no end.
        return false;
    }

    private static bool IsEnd(ReadOnlySpan<byte> block, int entry) => Word(block, entry) == 0 || Word(block, entry + 2) == 0;

    private static ushort Word(ReadOnlySpan<byte> block, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(block[offset..]);
}
