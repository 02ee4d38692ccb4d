using System.Threading;
using Mhi.Controller;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <summary>One direction of a running node: whose turn it is, and who waits for the port.</summary>
internal sealed class UciDirection : WaitListener
{
    private readonly UciSession _session;
    private readonly UplinkPort? _uplink;
    private UciOperation? _waiter;
    private ulong _flushGoal = ulong.MaxValue;

    internal UciDirection(UciSession session, DownlinkPort port)
    {
        _session = session;
        port.Readable.Attach(this);
    }

    internal UciDirection(UciSession session, UplinkPort port)
    {
        _session = session;
        _uplink = port;
        port.Writable.Attach(this);
        port.Flushed.Attach(this);
    }

    internal TurnQueue Turn { get; } = new();

    /// <summary>
    /// The holder of the turn while it waits for the port. Written by holders; the poll thread's signal reads it after
    /// the fence in <see cref="WaitPoint.TakeSignal"/>.
    /// </summary>
    internal UciOperation? Waiter
    {
        get => Volatile.Read(ref _waiter);
        set => Volatile.Write(ref _waiter, value);
    }

    /// <summary>Uplink: how many free buffers the waiter waits for. Written before <see cref="Waiter"/>.</summary>
    internal uint Needed { get; set; }

    /// <summary>Uplink: a flush waits until that many buffers are completed.</summary>
    internal void WatchFlush(ulong target)
    {
        ulong goal = Volatile.Read(ref _flushGoal);
        while (target < goal)
        {
            ulong seen = Interlocked.CompareExchange(ref _flushGoal, target, goal);
            if (seen == goal)
            {
                return;
            }

            goal = seen;
        }
    }

    /// <inheritdoc/>
    internal override void OnSignal(WaitPoint source)
    {
        SchedulePoint.Hit();
        if (_uplink is { IsClosed: false } uplink)
        {
            if (source == uplink.Flushed)
            {
                if (uplink.CompletedBuffers < Volatile.Read(ref _flushGoal))
                {
                    return;
                }

                // Every flush that wants to go on waiting says so anew.
                Volatile.Write(ref _flushGoal, ulong.MaxValue);
            }
            else if (Waiter is not null && uplink.FreeForPollThread < Needed)
            {
                // Not enough yet: the wait point keeps signalling.
                _session.SignalWatchers();
                return;
            }
        }

        source.TakeSignal();
        SchedulePoint.Hit();
        Waiter?.Signal();
        SchedulePoint.Hit();
        _session.SignalWatchers();
    }
}
