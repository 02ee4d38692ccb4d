using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <content>Writing.</content>
public sealed partial class UciHandle
{
    /// <summary>Queues data; blocks while the ring has no room.</summary>
    /// <param name="data">
    /// The data, copied before the call returns. Up to <see cref="MaxMessageLength"/> bytes are one packet, more are cut; with
    /// the policy Eager a packet also ends where the ring is full. An empty one queues nothing.
    /// </param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; packets queued before stay queued.</param>
    /// <returns>
    /// Bytes queued: all, unless something stopped the call after at least one packet. What stopped it is not reported now;
    /// if it lasts, the next call does.
    /// </returns>
    /// <exception cref="UciIOException">Nothing was queued: the device is gone, the channel was reset, the controller is in an
    /// error, or EAGAIN on a handle that does not block.</exception>
    /// <exception cref="UciTimeoutException">The time was over before anything was queued.</exception>
    public int Write(ReadOnlySpan<byte> data, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        UciDirection direction = CheckWritable(timeout, cancellationToken);
        if (TryWriteOne(direction, data))
        {
            return data.Length;
        }

        UciSendResult result = SendUncommon(UciOperationKind.Write, data, timeout, cancellationToken);
        return result.Status == UciStatus.Done ? result.Count : throw WouldBlock("write");
    }

    /// <summary>Queues data, awaiting room.</summary>
    /// <param name="data">The data, as for <see cref="Write"/>; must not change until the task completes.</param>
    /// <param name="cancellationToken">Gives up; packets queued before stay queued.</param>
    /// <returns>Bytes queued, as for <see cref="Write"/>.</returns>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        WriteAsync(data, timeout: null, cancellationToken);

    /// <summary>Queues data, awaiting room.</summary>
    /// <param name="data">The data, as for <see cref="Write"/>; must not change until the task completes.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; packets queued before stay queued.</param>
    /// <returns>Bytes queued, as for <see cref="Write"/>.</returns>
    public ValueTask<int> WriteAsync(ReadOnlyMemory<byte> data, TimeSpan? timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            UciDirection direction = CheckWritable(timeout, cancellationToken);
            ReadOnlySpan<byte> source = data.Span;
            if (TryWriteOne(direction, source) || TryWriteLong(direction, source))
            {
                return new ValueTask<int>(data.Length);
            }

            if (TrySendAtOnce(source, out UciSendResult result))
            {
                return new ValueTask<int>(result.Status == UciStatus.Done ? result.Count : throw WouldBlock("write"));
            }

            UciOperation operation = Begin(UciOperationKind.Write, timeout, cancellationToken);
            return StartAsync(operation, data, source, out short version)
                ? new ValueTask<int>(operation.Take().Count)
                : new ValueTask<int>(operation, version);
        }
        catch (Exception exception) when (exception is IUciError)
        {
            return new ValueTask<int>(UciTask.Failed<int>(exception));
        }
    }

    /// <summary>Queues data and says how many packets it became; blocks while the ring has no room.</summary>
    /// <param name="data">The data, as for <see cref="Write"/>.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; packets queued before stay queued.</param>
    /// <returns>What was queued.</returns>
    /// <exception cref="UciIOException">Nothing was queued: the device is gone, the channel was reset, or the controller is in
    /// an error.</exception>
    /// <exception cref="UciTimeoutException">The time was over before anything was queued.</exception>
    public UciSendResult Send(ReadOnlySpan<byte> data, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        UciDirection direction = CheckWritable(timeout, cancellationToken);
        return TryWriteOne(direction, data)
            ? new UciSendResult(data.Length, 1)
            : SendUncommon(UciOperationKind.Send, data, timeout, cancellationToken);
    }

    /// <summary>Queues as much of the data as fits. Does not block.</summary>
    /// <param name="data">The data.</param>
    /// <param name="result">What was queued, in whole packets.</param>
    /// <returns>Done, or WouldBlock when not even the first packet fitted.</returns>
    /// <exception cref="UciIOException">The device is gone, the channel was reset, or the controller is in an error.</exception>
    public UciStatus TrySend(ReadOnlySpan<byte> data, out UciSendResult result)
    {
        UciDirection direction = CheckWritable(timeout: null, CancellationToken.None);
        result = TryWriteOne(direction, data) ? new UciSendResult(data.Length, 1) : SendNow(direction, data, whole: false);
        return result.Status;
    }

    /// <summary>Queues data and says how many packets it became, awaiting room.</summary>
    /// <param name="data">The data, as for <see cref="Write"/>; must not change until the task completes.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; packets queued before stay queued.</param>
    /// <returns>What was queued.</returns>
    public ValueTask<UciSendResult> SendAsync(ReadOnlyMemory<byte> data, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            UciDirection direction = CheckWritable(timeout, cancellationToken);
            ReadOnlySpan<byte> source = data.Span;
            if (TryWriteOne(direction, source) || TryWriteLong(direction, source))
            {
                return new ValueTask<UciSendResult>(new UciSendResult(data.Length, 1));
            }

            if (TrySendAtOnce(source, out UciSendResult result))
            {
                return new ValueTask<UciSendResult>(result);
            }

            UciOperation operation = Begin(UciOperationKind.Send, timeout, cancellationToken);
            if (!StartAsync(operation, data, source, out short version))
            {
                return new ValueTask<UciSendResult>(operation, version);
            }

            UciOutcome outcome = operation.Take();
            return new ValueTask<UciSendResult>(new UciSendResult(outcome.Count, outcome.Packets));
        }
        catch (Exception exception) when (exception is IUciError)
        {
            return new ValueTask<UciSendResult>(UciTask.Failed<UciSendResult>(exception));
        }
    }

    /// <summary>Queues a message as one packet; blocks while the ring has no room for all of it.</summary>
    /// <param name="message">The message, at most <see cref="MaxMessageLength"/> bytes; an empty one queues nothing.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; nothing is queued then.</param>
    /// <returns>Done; WouldBlock on a handle that does not block, and nothing is queued then.</returns>
    /// <exception cref="UciMessageTooLongException">The message can never be one packet.</exception>
    /// <exception cref="UciIOException">The device is gone, the channel was reset, or the controller is in an error.</exception>
    /// <exception cref="UciTimeoutException">The time is over; nothing is queued.</exception>
    public UciStatus WriteMessage(ReadOnlySpan<byte> message, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        UciDirection direction = CheckWritable(timeout, cancellationToken);
        CheckMessage(message.Length);
        if (TryWriteOne(direction, message) || TryWriteLong(direction, message))
        {
            return UciStatus.Done;
        }

        if (message.IsEmpty || NonBlocking)
        {
            return SendNow(direction, message, whole: true).Status;
        }

        UciOperation operation = Begin(UciOperationKind.WriteMessage, timeout, cancellationToken);
        Span<byte> data = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(message), message.Length);
        while (!operation.Advance(data))
        {
            operation.Sleep();
        }

        _ = operation.Take();
        return UciStatus.Done;
    }

    /// <summary>Queues a message as one packet if the ring has room for all of it. Does not block.</summary>
    /// <param name="message">The message, at most <see cref="MaxMessageLength"/> bytes.</param>
    /// <returns>Done, or WouldBlock; nothing is queued then.</returns>
    /// <exception cref="UciMessageTooLongException">The message can never be one packet.</exception>
    /// <exception cref="UciIOException">The device is gone, the channel was reset, or the controller is in an error.</exception>
    public UciStatus TryWriteMessage(ReadOnlySpan<byte> message)
    {
        UciDirection direction = CheckWritable(timeout: null, CancellationToken.None);
        CheckMessage(message.Length);
        return TryWriteOne(direction, message) ? UciStatus.Done : SendNow(direction, message, whole: true).Status;
    }

    /// <summary>Queues a message as one packet, awaiting room for all of it.</summary>
    /// <param name="message">The message, as for <see cref="WriteMessage"/>; must not change until the task completes.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; nothing is queued then.</param>
    /// <returns>As for <see cref="WriteMessage"/>.</returns>
    public ValueTask<UciStatus> WriteMessageAsync(ReadOnlyMemory<byte> message, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            UciDirection direction = CheckWritable(timeout, cancellationToken);
            CheckMessage(message.Length);
            ReadOnlySpan<byte> source = message.Span;
            if (TryWriteOne(direction, source) || TryWriteLong(direction, source))
            {
                return new ValueTask<UciStatus>(UciStatus.Done);
            }

            if (message.IsEmpty || NonBlocking)
            {
                return new ValueTask<UciStatus>(SendNow(direction, source, whole: true).Status);
            }

            UciOperation operation = Begin(UciOperationKind.WriteMessage, timeout, cancellationToken);
            if (!StartAsync(operation, message, source, out short version))
            {
                return new ValueTask<UciStatus>(operation, version);
            }

            _ = operation.Take();
            return new ValueTask<UciStatus>(UciStatus.Done);
        }
        catch (Exception exception) when (exception is IUciError)
        {
            return new ValueTask<UciStatus>(UciTask.Failed<UciStatus>(exception));
        }
    }

    // The common case: a packet of one descriptor, nobody else writing, room in the ring.
    private bool TryWriteOne(UciDirection direction, ReadOnlySpan<byte> data)
    {
        if ((uint)(data.Length - 1) >= (uint)Session.Pair.Options.Mtu || !direction.Turn.TryTake())
        {
            return false;
        }

        // With the node gone nothing is sent, even before the channel has been taken down.
        ChannelStatus status = _node.IsGone ? ChannelStatus.Down : Session.Pair.Uplink!.TryWriteOne(data);
        direction.Turn.Release();
        return status == ChannelStatus.Done;
    }

    // A packet of several descriptors, likewise. Apart from the common case, which is to stay short.
    private bool TryWriteLong(UciDirection direction, ReadOnlySpan<byte> data)
    {
        int mtu = Session.Pair.Options.Mtu;
        if (data.Length > mtu && data.Length <= Session.MaxMessageLength && direction.Turn.TryTake())
        {
            ChannelStatus status = _node.IsGone ? ChannelStatus.Down : Session.Pair.Uplink!.TryWriteChain(data, mtu);
            direction.Turn.Release();
            return status == ChannelStatus.Done;
        }

        return false;
    }

    // What never waits: an empty write, and any write on a handle that does not block.
    private bool TrySendAtOnce(ReadOnlySpan<byte> data, out UciSendResult result)
    {
        bool atOnce = data.IsEmpty || NonBlocking;
        result = atOnce ? SendNow(Session.Uplink!, data, whole: false) : default;
        return atOnce;
    }

    private UciSendResult SendUncommon(UciOperationKind kind, ReadOnlySpan<byte> data, TimeSpan? timeout, CancellationToken token)
    {
        if (TrySendAtOnce(data, out UciSendResult result))
        {
            return result;
        }

        if (TryWriteLong(Session.Uplink!, data))
        {
            return new UciSendResult(data.Length, 1);
        }

        UciOperation operation = Begin(kind, timeout, token);

        // A write only reads through it; both directions share one operation.
        Span<byte> source = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(data), data.Length);
        while (!operation.Advance(source))
        {
            operation.Sleep();
        }

        UciOutcome outcome = operation.Take();
        return new UciSendResult(outcome.Count, outcome.Packets);
    }

    private UciSendResult SendNow(UciDirection direction, ReadOnlySpan<byte> data, bool whole)
    {
        UciFault fault = Session.Fault;
        if (fault != UciFault.None)
        {
            throw ExceptionFor(fault);
        }

        if (data.IsEmpty)
        {
            return new UciSendResult(0, 0);
        }

        if (!TryTakeTurn(direction))
        {
            return new UciSendResult(0, 0, UciStatus.WouldBlock);
        }

        int count = 0;
        int packets = 0;
        while (count < data.Length)
        {
            int length = Session.NextPacketLength(data.Length - count, whole);
            if (Session.TryWritePacket(data.Slice(count, length)) != ChannelStatus.Done)
            {
                break;
            }

            count += length;
            packets++;
        }

        direction.Turn.Release();
        if (packets != 0)
        {
            return new UciSendResult(count, packets);
        }

        fault = Session.Fault;
        return fault == UciFault.None ? new UciSendResult(0, 0, UciStatus.WouldBlock) : throw ExceptionFor(fault);
    }

    private void CheckMessage(int length)
    {
        if (length > MaxMessageLength)
        {
            throw new UciMessageTooLongException(length, MaxMessageLength);
        }
    }
}
