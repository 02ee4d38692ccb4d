using System;
using System.Threading;
using Mhi.Interop.Memory;
using Mhi.Pci.VfioUser.Protocol;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Pci.VfioUser;

/// <summary>Access to the registers of the BAR, one 32-bit word at a time.</summary>
/// <remarks>
/// <para>A write is a posted message: it leaves at once and nobody waits. The server handles messages in the order in which
/// they come, so a later read sees it. Where a part of the BAR is mapped, the two ways have no order between them; writes
/// by message then wait for their reply.</para>
/// <para>The message is passed on under the lock of the socket's queue, so stores to DMA memory before it are visible to
/// whoever has received it.</para>
/// </remarks>
internal sealed class RegisterFile
{
    private const uint Ones = uint.MaxValue;

    private readonly ServerConnection _connection;
    private readonly MappedBar? _bar;
    private readonly byte[] _posted = new byte[MessageHeader.Size + AccessLength + sizeof(uint)];

    internal RegisterFile(ServerConnection connection, uint length, MappedBar? bar)
    {
        _connection = connection;
        _bar = bar;
        Length = length;
    }

    /// <summary>Length of the BAR in bytes.</summary>
    internal uint Length { get; }

    /// <summary>Reads a register.</summary>
    /// <param name="offset">Its offset.</param>
    /// <returns>Its value; all ones when the device is gone or refuses.</returns>
    internal uint Read(uint offset)
    {
        if (_bar is not null && _bar.TryFind(offset, out SharedWord word))
        {
            // An earlier store to a register must not be overtaken, and only a full barrier keeps a load behind it.
            Interlocked.MemoryBarrier();
            return _connection.IsLost ? Ones : word.ReadAcquire();
        }

        PutAccess(_connection.Request(AccessLength), offset);
        if (_connection.Call(VfioUserCommand.RegionRead, AccessLength) != CallResult.Answered)
        {
            return Ones;
        }

        if (!_connection.IsEcho(AccessLength, sizeof(uint)))
        {
            _connection.LoseMalformed(VfioUserCommand.RegionRead);
            return Ones;
        }

        return Word(_connection.Answer, AccessLength);
    }

    /// <summary>Writes a register. Dropped when the device is gone.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="value">The value.</param>
    internal void Write(uint offset, uint value)
    {
        if (_bar is null)
        {
            PutAccess(_posted.AsSpan(MessageHeader.Size), offset);
            PutWord(_posted, MessageHeader.Size + AccessLength, value);
            _connection.Post(VfioUserCommand.RegionWrite, _posted);
        }
        else if (_bar.TryFind(offset, out SharedWord word))
        {
            word.WriteRelease(value);
        }
        else
        {
            Span<byte> request = _connection.Request(AccessLength + sizeof(uint));
            PutAccess(request, offset);
            PutWord(request, AccessLength, value);
            _ = _connection.Call(VfioUserCommand.RegionWrite, AccessLength + sizeof(uint));
        }
    }

    private static void PutAccess(Span<byte> payload, uint offset)
    {
        PutLong(payload, 0, offset);
        PutWord(payload, 8, BarRegion);
        PutWord(payload, 12, sizeof(uint));
    }
}
