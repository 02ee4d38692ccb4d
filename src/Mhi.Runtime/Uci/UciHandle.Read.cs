using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <content>Reading.</content>
public sealed partial class UciHandle
{
    /// <summary>Reads bytes of the oldest unread buffer; blocks while there is none.</summary>
    /// <param name="destination">
    /// Receives them. With an empty one the call waits until a byte is there, consumes nothing and returns 0.
    /// </param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; nothing is consumed then.</param>
    /// <returns>Bytes read: never 0 unless none were asked for, and never from two buffers.</returns>
    /// <exception cref="UciIOException">The device is gone, the channel was reset, or EAGAIN on a handle that does not block.</exception>
    /// <exception cref="UciTimeoutException">The time is over.</exception>
    public int Read(Span<byte> destination, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        UciDirection direction = CheckReadable(timeout, cancellationToken);
        if (direction.Turn.TryTake())
        {
            ChannelStatus status = Session.Pair.Downlink!.TryRead(destination, out int count);
            direction.Turn.Release();
            if (status == ChannelStatus.Done)
            {
                return count;
            }
        }

        if (NonBlocking)
        {
            return TryRead(destination, out int count) == UciStatus.Done ? count : throw WouldBlock("read");
        }

        UciOperation operation = Begin(UciOperationKind.Read, timeout, cancellationToken);
        while (!operation.Advance(destination))
        {
            operation.Sleep();
        }

        return operation.Take().Count;
    }

    /// <summary>Reads bytes of the oldest unread buffer if there is one. Does not block.</summary>
    /// <param name="destination">Receives them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Done or WouldBlock.</returns>
    /// <exception cref="UciIOException">The device is gone or the channel was reset, and nothing is left to read.</exception>
    public UciStatus TryRead(Span<byte> destination, out int count)
    {
        UciDirection direction = CheckReadable(timeout: null, CancellationToken.None);
        count = 0;
        UciFault fault = Session.Fault;
        if (!TryTakeTurn(direction))
        {
            return UciStatus.WouldBlock;
        }

        ChannelStatus status = Session.Pair.Downlink!.TryRead(destination, out count);
        direction.Turn.Release();
        return Conclude(status, fault);
    }

    /// <summary>Reads bytes, awaiting some.</summary>
    /// <param name="destination">Receives them; in use until the task completes.</param>
    /// <param name="cancellationToken">Gives up; nothing is consumed then.</param>
    /// <returns>Bytes read, as for <see cref="Read"/>.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default) =>
        ReadAsync(destination, timeout: null, cancellationToken);

    /// <summary>Reads bytes, awaiting some.</summary>
    /// <param name="destination">Receives them; in use until the task completes.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; nothing is consumed then.</param>
    /// <returns>Bytes read, as for <see cref="Read"/>.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> destination, TimeSpan? timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            UciDirection direction = CheckReadable(timeout, cancellationToken);

            // Here and not in the turn: memory whose owner is disposed throws.
            Span<byte> target = destination.Span;
            if (direction.Turn.TryTake())
            {
                ChannelStatus status = Session.Pair.Downlink!.TryRead(target, out int count);
                direction.Turn.Release();
                if (status == ChannelStatus.Done)
                {
                    return new ValueTask<int>(count);
                }
            }

            if (NonBlocking)
            {
                return new ValueTask<int>(TryRead(target, out int count) == UciStatus.Done ? count : throw WouldBlock("read"));
            }

            UciOperation operation = Begin(UciOperationKind.Read, timeout, cancellationToken);
            return StartAsync(operation, destination, target, out short version)
                ? new ValueTask<int>(operation.Take().Count)
                : new ValueTask<int>(operation, version);
        }
        catch (Exception exception) when (exception is IUciError)
        {
            return new ValueTask<int>(UciTask.Failed<int>(exception));
        }
    }

    /// <summary>Reads bytes and says whether they end a message; blocks while there are none.</summary>
    /// <param name="destination">Receives them.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; nothing is consumed then.</param>
    /// <returns>
    /// What was read. A count of 0 with an end of message is an empty packet, or an end that arrived after its bytes were read.
    /// </returns>
    /// <exception cref="UciIOException">The device is gone or the channel was reset.</exception>
    /// <exception cref="UciTimeoutException">The time is over.</exception>
    public UciReceiveResult Receive(Span<byte> destination, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        _ = CheckReadable(timeout, cancellationToken);
        if (TryReceive(destination, out UciReceiveResult result) == UciStatus.Done || NonBlocking)
        {
            return result;
        }

        UciOperation operation = Begin(UciOperationKind.Receive, timeout, cancellationToken);
        while (!operation.Advance(destination))
        {
            operation.Sleep();
        }

        UciOutcome outcome = operation.Take();
        return new UciReceiveResult(outcome.Count, outcome.EndOfMessage, outcome.Truncated);
    }

    /// <summary>Reads bytes and says whether they end a message. Does not block.</summary>
    /// <param name="destination">Receives them.</param>
    /// <param name="result">What was read.</param>
    /// <returns>Done or WouldBlock.</returns>
    /// <exception cref="UciIOException">The device is gone or the channel was reset, and nothing is left to read.</exception>
    public UciStatus TryReceive(Span<byte> destination, out UciReceiveResult result)
    {
        UciDirection direction = CheckReadable(timeout: null, CancellationToken.None);
        result = new UciReceiveResult(0, false, false, UciStatus.WouldBlock);
        UciFault fault = Session.Fault;
        if (!TryTakeTurn(direction))
        {
            return UciStatus.WouldBlock;
        }

        ChannelStatus status = Session.Pair.Downlink!.TryReceive(destination, out int count, out bool end, out bool truncated);
        direction.Turn.Release();
        UciStatus outcome = Conclude(status, fault);
        if (outcome == UciStatus.Done)
        {
            result = new UciReceiveResult(count, end, truncated);
        }

        return outcome;
    }

    /// <summary>Reads bytes and says whether they end a message, awaiting some.</summary>
    /// <param name="destination">Receives them; in use until the task completes.</param>
    /// <param name="timeout">Longest wait; null sets no limit.</param>
    /// <param name="cancellationToken">Gives up; nothing is consumed then.</param>
    /// <returns>What was read, as for <see cref="Receive"/>.</returns>
    public ValueTask<UciReceiveResult> ReceiveAsync(Memory<byte> destination, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            _ = CheckReadable(timeout, cancellationToken);
            Span<byte> target = destination.Span;
            if (TryReceive(target, out UciReceiveResult result) == UciStatus.Done || NonBlocking)
            {
                return new ValueTask<UciReceiveResult>(result);
            }

            UciOperation operation = Begin(UciOperationKind.Receive, timeout, cancellationToken);
            if (!StartAsync(operation, destination, target, out short version))
            {
                return new ValueTask<UciReceiveResult>(operation, version);
            }

            UciOutcome outcome = operation.Take();
            return new ValueTask<UciReceiveResult>(new UciReceiveResult(outcome.Count, outcome.EndOfMessage, outcome.Truncated));
        }
        catch (Exception exception) when (exception is IUciError)
        {
            return new ValueTask<UciReceiveResult>(UciTask.Failed<UciReceiveResult>(exception));
        }
    }

    /// <summary>Turns what the port said into a status, or into the fault that was there before it was asked.</summary>
    private UciStatus Conclude(ChannelStatus status, UciFault fault)
    {
        if (status == ChannelStatus.Done)
        {
            return UciStatus.Done;
        }

        return fault is UciFault.None or UciFault.Error ? UciStatus.WouldBlock : throw ExceptionFor(fault);
    }

    // Whether the operation has finished already; its version was read before, because it may be elsewhere by now.
    private static bool StartAsync(UciOperation operation, ReadOnlyMemory<byte> data, ReadOnlySpan<byte> span, out short version)
    {
        version = operation.Version;

        // Writes only read through it; both directions share one operation.
        operation.MakeAsync(MemoryMarshal.AsMemory(data));
        return operation.Advance(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(span), span.Length));
    }
}
