using System;
using System.Threading;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <summary>
/// A node's channel from the first open to the last close: the ports, whose turn it is on each, who watches. Handles opened
/// later have a session of their own.
/// </summary>
internal sealed class UciSession
{
    private readonly UciNode _node;

    internal UciSession(UciNode node, ChannelPair pair)
    {
        _node = node;
        Pair = pair;
        if (pair.Uplink is { } uplink)
        {
            Uplink = new UciDirection(this, uplink);
        }

        if (pair.Downlink is { } downlink)
        {
            Downlink = new UciDirection(this, downlink);
        }
    }

    internal ChannelPair Pair { get; }

    internal UciDirection? Uplink { get; }

    internal UciDirection? Downlink { get; }

    /// <summary>Operations that wait without a turn.</summary>
    internal OperationSet Watchers { get; } = new(OperationSet.OfWatchers);

    /// <summary>Most bytes that go out as one packet.</summary>
    internal int MaxMessageLength => Pair.Uplink is { } uplink ? (int)uplink.MaxSegments * Pair.Options.Mtu : 0;

    /// <summary>Why the session does not work now. Data that arrived before may still be unread.</summary>
    internal UciFault Fault
    {
        get
        {
            SchedulePoint.Hit();
            if (_node.IsGone)
            {
                return UciFault.Removed;
            }

            return Pair.Failure is { } failure ? FaultOf(failure) : UciFault.None;
        }
    }

    /// <summary>Whether a controller in this state has let go of its device: its nodes are gone.</summary>
    internal static bool IsLoss(MhiControllerState state) => state is MhiControllerState.ShuttingDown or MhiControllerState.Off;

    /// <summary>What the handle is ready for at this moment.</summary>
    internal UciPollEvents EventsFor(UciHandle handle)
    {
        UciPollEvents events = UciPollEvents.None;
        UciFault fault = Fault;
        if ((handle.Access & UciAccess.Read) != 0 && Pair.Downlink is { } downlink && downlink.HasPacket())
        {
            events |= UciPollEvents.In;
        }

        if (fault == UciFault.None)
        {
            return (handle.Access & UciAccess.Write) != 0 && Pair.Uplink is { HasFreeBuffer: true }
                ? events | UciPollEvents.Out
                : events;
        }

        return events | UciPollEvents.Error | (fault == UciFault.Error ? UciPollEvents.None : UciPollEvents.HangUp);
    }

    /// <summary>How much of the rest the next packet takes. Holder of the uplink's turn.</summary>
    /// <param name="rest">Bytes left to write.</param>
    /// <param name="whole">Whether they must be one packet.</param>
    internal int NextPacketLength(int rest, bool whole)
    {
        if (whole)
        {
            return rest;
        }

        UplinkPort port = Pair.Uplink!;
        uint segments = port.MaxSegments;
        if (_node.Entry.WritePolicy == WritePolicy.Eager)
        {
            segments = Math.Clamp(port.FreeBuffers, 1, segments);
        }

        return (int)Math.Min((ulong)rest, (ulong)segments * (uint)Pair.Options.Mtu);
    }

    /// <summary>Queues one packet, whole or not at all. Holder of the uplink's turn.</summary>
    internal ChannelStatus TryWritePacket(ReadOnlySpan<byte> packet) =>
        packet.Length <= Pair.Options.Mtu
            ? Pair.Uplink!.TryWriteOne(packet)
            : Pair.Uplink!.TryWriteChain(packet, Pair.Options.Mtu);

    internal uint SegmentsOf(int length) => (uint)((length + Pair.Options.Mtu - 1) / Pair.Options.Mtu);

    /// <summary>Makes those who watch look again.</summary>
    internal void SignalWatchers()
    {
        if (Watchers.Count != 0)
        {
            Watchers.SignalAll();
        }
    }

    /// <summary>
    /// Makes everybody look again who waits for more than a turn; who waits for a turn gets it from them. Any thread, after
    /// a change that <see cref="Fault"/> shows.
    /// </summary>
    internal void SignalEverybody()
    {
        Interlocked.MemoryBarrier();
        Uplink?.Waiter?.Signal();
        Downlink?.Waiter?.Signal();
        SignalWatchers();
    }

    internal Exception ExceptionFor(UciFault fault)
    {
        MhiFailure? cause = Pair.Failure;
        return fault switch
        {
            UciFault.Removed => new UciDeviceRemovedException($"The device of {_node.Name} is gone. Close this handle; a device that returns has a new node.", cause?.ToException()),
            UciFault.Error => new UciIOException(UciErrno.InputOutput, $"{_node.Name}: the controller is in an error. {cause?.Message}", cause?.ToException()),
            _ => new UciChannelDownException($"{_node.Name}: the channel was reset. Close all handles of the node and open it again. {cause?.Message}", cause?.ToException()),
        };
    }

    internal UciIOException ExceptionForLostData(ulong buffers) => new(
        UciErrno.InputOutput,
        $"{_node.Name}: the device reported {buffers} buffer(s) written since the last flush as failed; their data was lost on the device's side.");

    /// <summary>Counters of the session, added to what earlier sessions of the node counted.</summary>
    internal UciCounters Count(in UciCounters earlier)
    {
        UciCounters sum = earlier;
        if (Pair.Downlink is { } downlink)
        {
            DownlinkCounters counters = downlink.Counters;
            sum = sum with
            {
                PostedBuffers = downlink.Ring.OutstandingForAll,
                PendingBuffers = downlink.PendingBuffers,
                CurrentBuffers = downlink.HasCurrent ? 1 : 0,
                DeferredBuffers = downlink.DeferredBuffers,
                ReceivedBuffers = earlier.ReceivedBuffers + (long)counters.Buffers,
                ReceivedBytes = earlier.ReceivedBytes + (long)counters.Bytes,
                EmptyBuffers = earlier.EmptyBuffers + (long)counters.Empty,
                OverflowedBuffers = earlier.OverflowedBuffers + (long)counters.Overflowed,
                TruncatedBuffers = earlier.TruncatedBuffers + (long)counters.Truncated,
                FailedReceives = earlier.FailedReceives + (long)counters.Failed,
            };
        }

        if (Pair.Uplink is { } uplink)
        {
            // Completed is read before submitted, so that nothing is ever outstanding below zero. A failure is counted before
            // its completion, for flushes: in between, it is not yet part of what has ended.
            long completedBytes = (long)uplink.CompletedBytes;
            long completed = (long)uplink.CompletedBuffers;
            long failedBytes = Math.Min((long)uplink.FailedBytes, completedBytes);
            long failed = Math.Min((long)uplink.FailedBuffers, completed);
            long outstanding = (long)uplink.SubmittedBuffers - completed;
            long outstandingBytes = (long)uplink.SubmittedBytes - completedBytes;
            bool isDown = Pair.Failure is not null;
            sum = sum with
            {
                QueuedBuffers = earlier.QueuedBuffers + completed + outstanding,
                QueuedBytes = earlier.QueuedBytes + completedBytes + outstandingBytes,
                CompletedBuffers = earlier.CompletedBuffers + completed - failed,
                CompletedBytes = earlier.CompletedBytes + completedBytes - failedBytes,
                FailedBuffers = earlier.FailedBuffers + failed,
                FailedBytes = earlier.FailedBytes + failedBytes,
                DroppedBuffers = earlier.DroppedBuffers + (isDown ? outstanding : 0),
                DroppedBytes = earlier.DroppedBytes + (isDown ? outstandingBytes : 0),
                OutstandingBuffers = isDown ? 0 : outstanding,
                OutstandingBytes = isDown ? 0 : outstandingBytes,
            };
        }

        return sum;
    }

    /// <summary>What is left of the counters once the session has ended.</summary>
    internal UciCounters CountEnd(in UciCounters earlier)
    {
        UciCounters sum = Count(earlier);
        return sum with
        {
            DiscardedBuffers = sum.DiscardedBuffers + sum.PendingBuffers + sum.CurrentBuffers,
            PostedBuffers = 0,
            PendingBuffers = 0,
            CurrentBuffers = 0,
            DeferredBuffers = 0,
        };
    }

    private UciFault FaultOf(MhiFailure failure)
    {
        MhiController controller = Pair.Controller;
        MhiControllerState state = controller.State;

        // Stopped without a close: the controller was powered down or disposed, and the node is withdrawn in a moment.
        if (failure.Code is MhiErrorCode.DeviceRemoved or MhiErrorCode.ChannelStopped || IsLoss(state))
        {
            return UciFault.Removed;
        }

        return state == MhiControllerState.Failed && ReferenceEquals(controller.Failure, failure)
            ? UciFault.Error
            : UciFault.Down;
    }
}
