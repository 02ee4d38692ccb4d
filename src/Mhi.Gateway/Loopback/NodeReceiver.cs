using System;
using System.Security.Cryptography;
using System.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>The receiving half of a run through a device node: bytes, of which one read may return any number.</summary>
/// <param name="port">The open node.</param>
/// <param name="target">Where the bytes go.</param>
/// <param name="echoes">Matches them with what was sent.</param>
/// <param name="state">The run.</param>
/// <param name="hash">Hash over all bytes.</param>
internal sealed class NodeReceiver(NodePort port, EchoTarget target, EchoLog echoes, TransferState state, IncrementalHash hash) : IReceiver
{
    private const int BlockLength = 0x10000;

    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(BlockLength);
    private long _bytes;
    private long _settledBytes;
    private volatile bool _isReady;

    /// <inheritdoc/>
    public bool IsReady => _isReady;

    /// <inheritdoc/>
    public long Packets => echoes.Packets;

    /// <inheritdoc/>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <inheritdoc/>
    public long SettledBytes => Volatile.Read(ref _settledBytes);

    /// <inheritdoc/>
    public long FirstEchoAt => echoes.FirstAt;

    /// <inheritdoc/>
    public long LastEchoAt => echoes.LastAt;

    /// <inheritdoc/>
    public LatencyHistogram Latency => echoes.Latency;

    /// <inheritdoc/>
    public void Run()
    {
        try
        {
            _isReady = true;
            while (!state.IsStarted)
            {
                _ = Thread.Yield();
            }

            while (true)
            {
                if (!port.TryRead(_block, out int count))
                {
                    Settle();
                    count = port.Read(_block);
                }

                target.Append(_block.AsSpan(0, count), hash);
                Volatile.Write(ref _bytes, _bytes + count);
                echoes.Take(_bytes, isWholePacket: false);
            }
        }
        catch (Exception fault)
        {
            state.Fail(fault);
        }
    }

    // Nothing more is there at the moment: what was collected goes on its way.
    private void Settle()
    {
        target.Flush(hash);
        Volatile.Write(ref _settledBytes, _bytes);
        if (state.Expected >= 0)
        {
            state.WakeSupervisor();
        }
    }
}
