using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <summary>
/// An open node. Every handle of a node reads from one queue of packets and writes to one ring; each operation happens whole
/// and in its turn.
/// </summary>
/// <remarks>
/// <para>Any number of threads may use a handle, and any number of handles a node. Nothing here allocates once as many
/// operations have waited at once as ever will; an operation that need not wait touches no lock.</para>
/// <para>A fault is reported as an exception with an errno (<see cref="IUciError"/>): <see cref="UciDeviceRemovedException"/>
/// when the device is gone, <see cref="UciChannelDownException"/> when the channel was reset, <see cref="UciIOException"/> with
/// EIO while the controller is in an error. What arrived before is still read first.</para>
/// </remarks>
public sealed partial class UciHandle : IDisposable, IAsyncDisposable
{
    private readonly UciNode _node;
    private bool _isNonBlocking;
    private ulong _failuresSeen;
    private int _isClosed;
    private TaskCompletionSource? _left;

    internal UciHandle(UciNode node, UciSession session, UciOpenOptions options)
    {
        _node = node;
        Session = session;
        Access = options.Access;
        _isNonBlocking = options.NonBlocking;
        _failuresSeen = session.Pair.Uplink?.FailedBuffers ?? 0;
    }

    /// <summary>Ends a handle that nobody disposed.</summary>
    ~UciHandle()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _node.Leave(Session, left: null);
        }
    }

    /// <summary>The node.</summary>
    public UciNode Node => _node;

    /// <summary>Name of the node.</summary>
    public string Name => _node.Name;

    /// <summary>What the handle may do.</summary>
    public UciAccess Access { get; }

    /// <summary>
    /// Whether reads and writes that could block return at once instead. May be changed at any time. <see cref="Flush"/> and the
    /// waiting form of <see cref="Poll(UciPollEvents, TimeSpan?, CancellationToken)"/> are there to wait, and do.
    /// </summary>
    public bool NonBlocking
    {
        get => Volatile.Read(ref _isNonBlocking);
        set => Volatile.Write(ref _isNonBlocking, value);
    }

    /// <summary>Most bytes that go out as one packet: the limit of <see cref="WriteMessage"/>.</summary>
    public int MaxMessageLength => Session.MaxMessageLength;

    /// <summary>
    /// Buffers that the device has completed on the downlink since the channel was started: differs as soon as something has
    /// arrived, whoever reads it. 0 without a downlink.
    /// </summary>
    public long ReceivedBuffers => (long)(Session.Pair.Downlink?.Counters.Buffers ?? 0);

    /// <summary>Whether the handle is closed.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    internal UciSession Session { get; }

    /// <summary>Operations of this handle that wait, or are about to.</summary>
    internal OperationSet Operations { get; } = new(OperationSet.OfHandle);

    /// <summary>
    /// Closes the handle: operations in flight on it end with <see cref="UciHandleClosedException"/>. The last close of a node
    /// waits for queued data, at most the host's linger time, and stops the channel. Closing again waits for the end of that.
    /// </summary>
    public void Dispose()
    {
        CloseAsync().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the handle, as <see cref="Dispose"/> does.</summary>
    /// <returns>Completes when the handle is closed, and for the last one the channel stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the handle, as <see cref="Dispose"/> does.</summary>
    /// <returns>Completes when the handle is closed, and for the last one the channel stopped.</returns>
    public Task CloseAsync()
    {
        // There before the handle says that it is closed: a second close at the same moment waits for the same end.
        TaskCompletionSource left = Volatile.Read(ref _left) ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        left = Interlocked.CompareExchange(ref _left, left, null) ?? left;
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Operations.SignalAll();
            _node.Leave(Session, left);
        }

        return left.Task;
    }

    /// <summary>Uplink buffers that failed since this handle was last told. Any number of threads: each failure is told once.</summary>
    internal ulong TakeFailures()
    {
        while (true)
        {
            // In this order: what has been told is never ahead of what has failed.
            ulong seen = Volatile.Read(ref _failuresSeen);
            ulong failed = Session.Pair.Uplink!.FailedBuffers;
            if (failed == seen || Interlocked.CompareExchange(ref _failuresSeen, failed, seen) == seen)
            {
                return failed - seen;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private UciDirection CheckReadable(TimeSpan? timeout, CancellationToken token)
    {
        UciDirection? direction = Session.Downlink;
        if (IsClosed || (Access & UciAccess.Read) == 0 || direction is null || token.IsCancellationRequested || timeout is { Ticks: < 0 })
        {
            Refuse(UciAccess.Read, direction is null, timeout, token);
        }

        return direction!;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private UciDirection CheckWritable(TimeSpan? timeout, CancellationToken token)
    {
        UciDirection? direction = Session.Uplink;
        if (IsClosed || (Access & UciAccess.Write) == 0 || direction is null || token.IsCancellationRequested || timeout is { Ticks: < 0 })
        {
            Refuse(UciAccess.Write, direction is null, timeout, token);
        }

        return direction!;
    }

    private void Refuse(UciAccess access, bool isMissing, TimeSpan? timeout, CancellationToken token)
    {
        // Checks the argument; Timeout.InfiniteTimeSpan is the one negative value that is none.
        _ = Deadline.After(timeout);
        ThrowIfClosed();
        string verb = access == UciAccess.Read ? "read" : "write";
        if (isMissing)
        {
            throw new UciNotSupportedException(UciErrno.NotSupported, $"{Name} cannot {verb}: the channel has no {(access == UciAccess.Read ? "downlink" : "uplink")}.");
        }

        if ((Access & access) == 0)
        {
            throw new UciNotSupportedException(UciErrno.BadHandle, $"This handle of {Name} was not opened to {verb}. Open another with that access.");
        }

        if (token.IsCancellationRequested)
        {
            throw new UciCanceledException(token);
        }
    }

    private void ThrowIfClosed()
    {
        if (IsClosed)
        {
            throw new UciHandleClosedException(Name);
        }
    }

    // The last close takes the channel down itself: who used the handle meanwhile learns that it is closed.
    private Exception ExceptionFor(UciFault fault) => IsClosed ? new UciHandleClosedException(Name) : Session.ExceptionFor(fault);

    private UciIOException WouldBlock(string verb) =>
        new(UciErrno.WouldBlock, $"{Name} cannot {verb} at once, and this handle does not block. Wait for readiness with Poll.");

    private UciOperation Begin(UciOperationKind kind, TimeSpan? timeout, CancellationToken token)
    {
        UciOperation operation = _node.Operations.Rent();
        try
        {
            operation.Begin(this, kind, timeout, token);
        }
        catch
        {
            _node.Operations.Return(operation);
            throw;
        }

        return operation;
    }

    /// <summary>Takes a turn without waiting for the device: only a holder that is at work is waited for.</summary>
    private static bool TryTakeTurn(UciDirection direction)
    {
        if (direction.Turn.TryTake())
        {
            return true;
        }

        // The holder copies, or waits. Copying soon ends; who waits finds nothing, and so would we.
        const int MostSpins = 1000;
        var spinner = default(SpinWait);
        while (direction.Waiter is null && spinner.Count < MostSpins)
        {
            UciWork.Spin(ref spinner);
            if (direction.Turn.TryTake())
            {
                return true;
            }
        }

        return false;
    }
}
