using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <summary>
/// One published channel of one device. Its name, minor number and generation never change; when the device goes, the node
/// goes for good, and a device that returns gets a new one.
/// </summary>
/// <remarks>
/// The first open starts the channel, uplink and then downlink; the last close stops it. Between a start or stop and its end
/// further opens wait in line; nothing else does. Safe for any number of threads.
/// </remarks>
public sealed partial class UciNode
{
    private readonly UciLock _lock = new();
    private readonly TimeSpan _linger;
    private bool _isGone;

    internal UciNode(MhiController controller, UciTableEntry entry, ChannelDirections directions, int minor, long generation, TimeSpan linger)
    {
        Controller = controller;
        Entry = entry;
        Directions = directions;
        Minor = minor;
        Generation = generation;
        Name = DeviceNodeName.For(controller.Name, entry.Name);
        _linger = linger;
        Options = entry.ToOptions(directions);
    }

    /// <summary>Name of the node: <c>mhi_&lt;controller&gt;_&lt;channel&gt;</c>.</summary>
    public string Name { get; }

    /// <summary>Name of the channel, as in the device's table.</summary>
    public string ChannelName => Entry.Name;

    /// <summary>Name of the controller.</summary>
    public string ControllerName => Controller.Name;

    /// <summary>Minor number; free for another node as soon as this one is gone.</summary>
    public int Minor { get; }

    /// <summary>Number of the publication: larger for every later one, of whatever name.</summary>
    public long Generation { get; }

    /// <summary>Directions that the channel has.</summary>
    public ChannelDirections Directions { get; }

    /// <summary>Largest transfer of one descriptor in bytes (M).</summary>
    public int MaxTransferBytes => Entry.MaxTransferBytes;

    /// <summary>Bytes that one receive buffer takes (R).</summary>
    public int ReceiveCapacity => Entry.ReceiveCapacity;

    /// <summary>Whether the device is gone: the node opens no more, and what is open only delivers what had arrived.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>What the node has counted.</summary>
    public UciCounters Counters
    {
        get
        {
            using (_lock.EnterScope())
            {
                UciCounters counters = _session is { } session ? session.Count(_earlier) : _earlier;
                return counters with
                {
                    OpenHandles = _opens,
                    Waiters = Operations.InUse,
                    IgnoredCompletions = (long)Controller.Counters.IgnoredCompletions,
                };
            }
        }
    }

    internal MhiController Controller { get; }

    internal UciTableEntry Entry { get; }

    internal OperationPool Operations { get; } = new();

    private ChannelOptions Options { get; }

    /// <summary>Opens the node. Blocks while the channel starts; another thread must be polling the controller.</summary>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="cancellationToken">Gives up: the channel is stopped again if nobody else wants it.</param>
    /// <returns>A handle. Whoever opened it disposes it.</returns>
    /// <exception cref="UciNodeNotFoundException">The device is gone.</exception>
    /// <exception cref="UciIOException">The channel could not be started; the message says why.</exception>
    /// <exception cref="UciNotSupportedException">The device's family cannot do it.</exception>
    /// <exception cref="UciTimeoutException">The time is over.</exception>
    public UciHandle Open(UciOpenOptions? options = null, CancellationToken cancellationToken = default) =>
        Request(options, cancellationToken).Wait();

    /// <summary>Opens the node.</summary>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="cancellationToken">Gives up: the channel is stopped again if nobody else wants it.</param>
    /// <returns>Completes with a handle; fails as <see cref="Open"/> does; canceled when the token was first.</returns>
    public Task<UciHandle> OpenAsync(UciOpenOptions? options = null, CancellationToken cancellationToken = default) =>
        Request(options, cancellationToken).Answer();

    private UciOpenRequest Request(UciOpenOptions? options, CancellationToken cancellationToken)
    {
        options ??= new UciOpenOptions();
        CheckAccess(options.Access);
        CheckTimeout(options.Timeout);
        var request = new UciOpenRequest(this, options);
        if (cancellationToken.IsCancellationRequested)
        {
            request.Cancel(cancellationToken);
            return request;
        }

        Enter(request);
        request.CancelOn(cancellationToken);
        return request;
    }

    private static void CheckAccess(UciAccess access)
    {
        if ((access & UciAccess.ReadWrite) == 0 || (access & ~UciAccess.ReadWrite) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(access), access, "A handle reads, writes or both.");
        }
    }

    // Before anything is entered anywhere: a timer that refuses its time would leave an open that nobody waits for.
    private static void CheckTimeout(TimeSpan? timeout)
    {
        const double MostMilliseconds = uint.MaxValue - 1.0;
        if (timeout is { } time && time != System.Threading.Timeout.InfiniteTimeSpan && (time < TimeSpan.Zero || time.TotalMilliseconds > MostMilliseconds))
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), time, "A time-out is zero to 49 days long; null sets none.");
        }
    }
}
