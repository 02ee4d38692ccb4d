using System;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>The sending half of a run: reads the source, cuts it into packets, sends them, hashes what it sent.</summary>
/// <typeparam name="TSink">Where they go.</typeparam>
internal sealed class Sender<TSink> : ISender
    where TSink : struct, IPacketSink
{
    private const int BlockLength = 64 * 1024;

    // Who may touch the hash and the counters: the sender, except while it reads the source. A read can block for ever;
    // the supervisor may then take the sender's place for good.
    private const int Working = 0;
    private const int Reading = 1;
    private const int Abandoned = 2;

    private readonly TSink _sink;
    private readonly PacketSource _source;
    private readonly FlightLog _flights;
    private readonly TransferState _state;
    private readonly IncrementalHash _hash;
    private readonly int _packetSize;
    private readonly long _packetLimit;
    private readonly byte[] _block;
    private int _phase;
    private long _begunPackets;
    private long _packets;
    private long _bytes;
    private volatile bool _isReady;

    internal Sender(
        TSink sink,
        PacketSource source,
        FlightLog flights,
        TransferState state,
        IncrementalHash hash,
        int packetSize,
        long? packetLimit)
    {
        _sink = sink;
        _source = source;
        _flights = flights;
        _state = state;
        _hash = hash;
        _packetSize = packetSize;
        _packetLimit = packetLimit ?? long.MaxValue;
        _block = GC.AllocateUninitializedArray<byte>(Math.Max(BlockLength / packetSize, 1) * packetSize);
    }

    /// <inheritdoc/>
    public bool IsReady => _isReady;

    /// <inheritdoc/>
    public long Packets => Volatile.Read(ref _packets);

    /// <inheritdoc/>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public long BegunPackets => Volatile.Read(ref _begunPackets);

    /// <inheritdoc/>
    public long StartedAt { get; private set; }

    /// <inheritdoc/>
    public void Run()
    {
        try
        {
            _isReady = true;
            while (!_state.IsStarted)
            {
                _ = Thread.Yield();
            }

            if (SendAll())
            {
                _state.SetExpected(_bytes);
            }
        }
        catch (Exception fault)
        {
            _state.Fail(fault);
        }
    }

    /// <inheritdoc/>
    public bool TryAbandon() => Interlocked.CompareExchange(ref _phase, Abandoned, Reading) != Working;

    /// <summary>Sends until the source or a limit ends it.</summary>
    /// <returns>False when the supervisor has taken over.</returns>
    private bool SendAll()
    {
        int held = 0;
        while (!_state.IsEnding && _packets < _packetLimit)
        {
            Volatile.Write(ref _phase, Reading);
            int read = _source.Read(_block.AsSpan(held));
            if (Interlocked.CompareExchange(ref _phase, Working, Reading) != Reading)
            {
                return false;
            }

            held += read;
            int whole = read == 0 ? held : held - (held % _packetSize);
            int sent = SendPackets(_block.AsSpan(0, whole));

            // Hashed behind the sending: the device works meanwhile.
            _hash.AppendData(_block.AsSpan(0, sent));
            if (read == 0 || sent < whole)
            {
                return true;
            }

            _block.AsSpan(whole, held - whole).CopyTo(_block);
            held -= whole;
        }

        return true;
    }

    private int SendPackets(ReadOnlySpan<byte> data)
    {
        int sent = 0;
        while (sent < data.Length && !_state.IsEnding && _packets < _packetLimit)
        {
            ReadOnlySpan<byte> packet = data.Slice(sent, Math.Min(_packetSize, data.Length - sent));
            if (!_flights.WaitForRoom(_state))
            {
                break;
            }

            long now = Stopwatch.GetTimestamp();
            if (_packets == 0)
            {
                StartedAt = now;
            }

            _flights.Add(new Flight(_bytes + packet.Length, now));
            Volatile.Write(ref _begunPackets, _begunPackets + 1);
            int written = _sink.Write(packet);
            sent += written;
            Volatile.Write(ref _bytes, _bytes + written);
            Volatile.Write(ref _packets, _packets + 1);
            if (written < packet.Length)
            {
                // The channel went down in the middle; the next call says why.
                _ = _sink.Write(packet[written..]);
            }
        }

        return sent;
    }
}
