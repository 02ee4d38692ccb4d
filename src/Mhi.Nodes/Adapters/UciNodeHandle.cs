using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Uci;

namespace Mhi.Nodes.Adapters;

/// <summary>A handle of the client interface, for the server of nodes.</summary>
internal sealed class UciNodeHandle : NodeHandle
{
    // Only while the controller is in an error, which may pass and which nothing else tells of.
    private static readonly TimeSpan s_recoveryCheck = TimeSpan.FromMilliseconds(200);

    private readonly UciHandle _handle;
    private readonly INodeListener _listener;
    private readonly ReadinessWait _in;
    private readonly ReadinessWait _out;
    private readonly ReadinessWait _room;
    private readonly ReadinessWait _fault;
    private readonly ReadinessWait _arrival;
    private readonly Reminder _lookForData;
    private readonly Reminder _lookForRoom;
    private Timer? _recovery;

    internal UciNodeHandle(UciHandle handle, INodeListener listener)
    {
        _handle = handle;
        _listener = listener;
        _in = new ReadinessWait(handle, listener, NodeEvents.In, UciPollEvents.In, forChange: false);
        _out = new ReadinessWait(handle, listener, NodeEvents.Out, UciPollEvents.Out, forChange: false);
        _room = new ReadinessWait(handle, listener, NodeEvents.Out, UciPollEvents.Out, forChange: true);
        _fault = new ReadinessWait(handle, listener, NodeEvents.HangUp, UciPollEvents.None, forChange: false);
        _arrival = new ReadinessWait(handle, listener, NodeEvents.In, UciPollEvents.In, forChange: true);
        _lookForData = new Reminder(listener, NodeEvents.In);
        _lookForRoom = new Reminder(listener, NodeEvents.Out);
    }

    /// <inheritdoc/>
    public override NodeEvents Events => (NodeEvents)_handle.Poll();

    /// <inheritdoc/>
    public override uint Arrivals => (uint)_handle.ReceivedBuffers;

    /// <inheritdoc/>
    public override int MaxPacketLength => _handle.MaxMessageLength;

    /// <inheritdoc/>
    public override int Available => _handle.CountUnread();

    /// <inheritdoc/>
    public override int TryRead(Span<byte> destination)
    {
        try
        {
            return _handle.TryRead(destination, out int count) == UciStatus.Done ? count : -Errno.Again;
        }
        catch (Exception exception) when (exception is IUciError error)
        {
            return -error.ErrorCode;
        }
    }

    /// <inheritdoc/>
    public override int TryWrite(ReadOnlySpan<byte> source)
    {
        try
        {
            return _handle.TrySend(source, out UciSendResult result) == UciStatus.Done ? result.Count : -Errno.Again;
        }
        catch (Exception exception) when (exception is IUciError error)
        {
            return -error.ErrorCode;
        }
    }

    /// <inheritdoc/>
    public override void Arm(NodeEvents events)
    {
        NodeEvents now = Events;
        if (IsError(now))
        {
            AwaitRecovery();
            return;
        }

        if ((events & NodeEvents.In) != 0)
        {
            _ = _in.Begin();
        }

        if ((events & NodeEvents.Out) != 0)
        {
            ArmOut(now);
        }

        if ((events & NodeEvents.HangUp) != 0)
        {
            _ = _fault.Begin();
        }
    }

    /// <inheritdoc/>
    public override void ArmArrival(uint seen)
    {
        if (IsError(Events))
        {
            AwaitRecovery();
            return;
        }

        _ = _arrival.Begin();
        if (Arrivals != seen)
        {
            // It came before the wait had begun; the wait still runs, and is of use the next time.
            _lookForData.Send();
        }
    }

    /// <inheritdoc/>
    public override Task CloseAsync()
    {
        _recovery?.Dispose();
        return _handle.DisposeAsync().AsTask();
    }

    private static bool IsError(NodeEvents now) => (now & (NodeEvents.Error | NodeEvents.HangUp)) == NodeEvents.Error;

    // Every wait would end at once.
    private void AwaitRecovery()
    {
        _recovery ??= new Timer(
            static state => ((INodeListener)state!).OnReady(NodeEvents.In | NodeEvents.Out | NodeEvents.HangUp),
            _listener,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _ = _recovery.Change(s_recoveryCheck, Timeout.InfiniteTimeSpan);
    }

    // A message that goes out whole may not fit although there is room for a smaller one: then more room is waited for, and
    // what became free before that wait is looked at once more.
    private void ArmOut(NodeEvents now)
    {
        if ((now & NodeEvents.Out) == 0)
        {
            _ = _out.Begin();
        }
        else if (_room.Begin())
        {
            _lookForRoom.Send();
        }
    }

    /// <summary>A call of the listener from the thread pool, made once so that a write that is refused allocates nothing.</summary>
    private sealed class Reminder(INodeListener listener, NodeEvents events) : IThreadPoolWorkItem
    {
        public void Execute() => listener.OnReady(events);

        internal void Send() => _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
