using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>
/// The host of one MHI device: powers it up, runs its rings, dispatches its events. A state machine without threads,
/// sleeps or a clock of its own: <see cref="Poll"/> handles what the rings hold now and returns.
/// </summary>
/// <remarks>
/// <para>One thread at a time calls <see cref="Poll"/>: an <see cref="MhiEventLoop"/>, or a loop of the program's own.
/// All other members may be called from any thread; what they ask for happens in a later poll.</para>
/// <para>The controller owns the PCI function it was created with, and its channels. Dispose it after its event loop.</para>
/// </remarks>
public abstract class MhiController : IDisposable
{
    private readonly Lock _requestLock = new();
    private readonly Queue<Action> _requests = new();
    private volatile bool _hasRequests;
    private bool _closedForRequests;
    private volatile MhiFailure? _failure;
    private volatile IControllerObserver[] _observers = [];

    private protected MhiController(
        string name, DeviceProfile profile, ImmutableArray<InterruptVector> vectors, ImmutableArray<EventFd> alarms, MhiControllerOptions options)
    {
        Name = name;
        Profile = profile;
        Options = options;
        ClientVector = new InterruptVector(new EventFd());
        Vectors = vectors;
        Alarms = alarms;
    }

    /// <summary>Name of the controller, as in node names.</summary>
    public string Name { get; }

    /// <summary>What is known of the device's family.</summary>
    public DeviceProfile Profile { get; }

    /// <summary>Where the controller is in its life.</summary>
    public abstract MhiControllerState State { get; }

    /// <summary>The execution environment the device last confirmed.</summary>
    public abstract ExecutionEnvironment ExecutionEnvironment { get; }

    /// <summary>Why the controller is in <see cref="MhiControllerState.Failed"/>; null otherwise.</summary>
    public MhiFailure? Failure
    {
        get => _failure;
        private protected set => _failure = value;
    }

    /// <summary>Interrupt vectors that the device was granted.</summary>
    public int VectorCount => Vectors.Length;

    /// <summary>What the controller saw that needed no action.</summary>
    public MhiControllerCounters Counters { get; } = new();

    /// <summary>The integrator's choices.</summary>
    internal MhiControllerOptions Options { get; }

    /// <summary>The device's interrupts.</summary>
    internal ImmutableArray<InterruptVector> Vectors { get; }

    /// <summary>What else may end the use of the device; waited for together with <see cref="Vectors"/>.</summary>
    internal ImmutableArray<EventFd> Alarms { get; }

    /// <summary>How clients wake the poll thread: raised after every submission, heeded only while that thread waits.</summary>
    internal InterruptVector ClientVector { get; }

    /// <summary>Creates the controller of a device. It does nothing before <see cref="PowerUpAsync"/>.</summary>
    /// <typeparam name="TRegisters">How the function's registers are reached.</typeparam>
    /// <param name="function">The function; the controller owns it from now on.</param>
    /// <param name="profile">The device's family.</param>
    /// <param name="options">Choices; null takes the defaults.</param>
    /// <returns>The controller, off.</returns>
    public static MhiController Create<TRegisters>(
        IPciFunction<TRegisters> function, DeviceProfile profile, MhiControllerOptions? options = null)
        where TRegisters : struct, IRegisterAccess
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(profile);
        options ??= new MhiControllerOptions();
        options.Validate();
        profile.Validate();
        return new ControllerEngine<TRegisters>(function, profile, options);
    }

    /// <summary>
    /// Handles everything that is due: new events, submitted and recycled buffers, requests, time-outs. Bounded by the
    /// sizes of the rings; does not block, and allocates nothing once channels are open.
    /// </summary>
    /// <returns>How many things were done; 0 when there was nothing to do.</returns>
    public abstract int Poll();

    /// <summary>How long a loop may wait before it must poll again although nothing signals.</summary>
    /// <returns>Milliseconds for poll(2): 0 not at all, -1 without limit.</returns>
    public abstract int MillisecondsUntilDue();

    /// <summary>Brings the device to mission mode; a suspended one is resumed.</summary>
    /// <returns>Completes in mission mode; fails with the step that failed and what was seen.</returns>
    public Task PowerUpAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => BeginPowerUp(done));
        return done.Task;
    }

    /// <summary>Brings the device to mission mode and blocks until it is there. Another thread must be polling.</summary>
    /// <exception cref="MhiException">The device did not get there; the message says where it stopped.</exception>
    public void PowerUp() => PowerUpAsync().GetAwaiter().GetResult();

    /// <summary>Stops all channels and resets the device in order. Does nothing on a controller that is off.</summary>
    /// <returns>Completes when the device has stopped, or is given up on after its time-out.</returns>
    public Task PowerDownAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => BeginPowerDown(done));
        return done.Task;
    }

    /// <summary>Powers the device down and blocks until it is. Another thread must be polling.</summary>
    public void PowerDown() => PowerDownAsync().GetAwaiter().GetResult();

    /// <summary>
    /// Suspends the device: it goes to M3, where it uses little power, keeps its channels and moves no data. Refused, with
    /// nothing changed, while data that was written has not been completed, while a channel is being opened or closed, and
    /// for a family that cannot do it.
    /// </summary>
    /// <remarks>
    /// Whatever needs the device resumes it: a write, an open or close, <see cref="ResumeAsync"/>, a power-up or
    /// power-down. Reading what had arrived does not.
    /// </remarks>
    /// <returns>Completes when the device has confirmed M3.</returns>
    /// <exception cref="MhiException">
    /// Code <see cref="MhiErrorCode.Busy"/> or <see cref="MhiErrorCode.NotSupported"/> for a refusal; any other says why the
    /// controller has failed or is not in mission mode.
    /// </exception>
    public Task SuspendAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => BeginSuspend(done));
        return done.Task;
    }

    /// <summary>Brings a suspended device back. Does nothing in mission mode.</summary>
    /// <returns>Completes when the device has confirmed M0 and its doorbells are rung.</returns>
    /// <exception cref="MhiException">The controller is not powered up, or failed; the message says why.</exception>
    public Task ResumeAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => BeginResume(done));
        return done.Task;
    }

    /// <summary>
    /// Looks at the device itself: has it left the bus, failed without an event, or is it to be given back? One register
    /// read. An <see cref="MhiEventLoop"/> does this after an interrupt that brought no event, every two seconds without
    /// one, and now and then under load; a loop of the program's own should do the same, on the thread that polls.
    /// </summary>
    public abstract void CheckDevice();

    /// <summary>
    /// Reads what the device's registers say now, in any state: for somebody who looks for a fault. Called on the thread that
    /// polls, or before there is one; not while the device is suspended.
    /// </summary>
    /// <returns>The registers.</returns>
    public abstract DeviceSnapshot Inspect();

    /// <summary>Ends the use of the device at once: no more DMA, channels down, memory and function released.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>How many observers there are.</summary>
    internal int ObserverCount => _observers.Length;

    /// <summary>Adds an observer; it is told of every state entered from now on. Any thread.</summary>
    /// <param name="observer">The observer.</param>
    internal void AddObserver(IControllerObserver observer)
    {
        LockRules.EnterCore();
        lock (_requestLock)
        {
            _observers = [.. _observers, observer];
        }
    }

    /// <summary>Removes an observer. Any thread; a call to it that is under way goes on.</summary>
    /// <param name="observer">The observer.</param>
    internal void RemoveObserver(IControllerObserver observer)
    {
        LockRules.EnterCore();
        lock (_requestLock)
        {
            _observers = Array.FindAll(_observers, other => other != observer);
        }
    }

    /// <summary>Opens a channel.</summary>
    /// <param name="options">What is wanted of it; checked already.</param>
    /// <returns>The opening: its task completes with the running channel, and it can be given up.</returns>
    internal ChannelOpening BeginOpenChannel(ChannelOptions options)
    {
        var opening = new ChannelOpening(this, options);
        BeginOpenChannel(opening);
        return opening;
    }

    /// <summary>Opens a channel. Nothing comes of it when the opening was given up before.</summary>
    /// <param name="opening">The opening, not begun.</param>
    internal void BeginOpenChannel(ChannelOpening opening) => Post(() => BeginOpen(opening));

    /// <summary>Gives an opening up; see <see cref="ChannelOpening.Abort"/>.</summary>
    /// <param name="opening">The opening, marked as aborted.</param>
    internal void AbortOpening(ChannelOpening opening)
    {
        try
        {
            Post(() => BeginAbort(opening));
        }
        catch (ObjectDisposedException)
        {
            // The controller is being disposed, and that closes its channels.
        }
    }

    /// <summary>Closes a channel. Asking again returns the same task.</summary>
    /// <param name="pair">The channel.</param>
    /// <param name="linger">Longest wait for queued uplink data.</param>
    /// <returns>Completes when it is closed.</returns>
    internal Task CloseChannelAsync(ChannelPair pair, TimeSpan linger)
    {
        try
        {
            if (!pair.Closed.Task.IsCompleted)
            {
                Post(() => BeginClose(pair, linger));
            }
        }
        catch (ObjectDisposedException)
        {
            // The controller is being disposed, and that closes its channels.
        }

        return pair.Closed.Task;
    }

    /// <summary>
    /// Takes a channel down at once and away from the device, without closing it: what has arrived can still be read.
    /// </summary>
    /// <param name="pair">The channel.</param>
    /// <param name="failure">Why.</param>
    internal void TakeChannelDown(ChannelPair pair, MhiFailure failure)
    {
        try
        {
            Post(() => BeginTakeDown(pair, failure));
        }
        catch (ObjectDisposedException)
        {
            // The controller is being disposed, and that takes its channels down.
        }
    }

    /// <summary>Sends STOP or START to an open channel: a pause that keeps rings and buffers.</summary>
    /// <param name="pair">The channel.</param>
    /// <param name="run">True to go on, false to pause.</param>
    /// <returns>Completes when the device has confirmed both directions.</returns>
    internal Task SetRunningAsync(ChannelPair pair, bool run)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => BeginSetRunning(pair, run, done));
        return done.Task;
    }

    /// <summary>Runs an action in the next poll and wakes a waiting poll thread.</summary>
    /// <param name="request">The action.</param>
    private protected void Post(Action request)
    {
        LockRules.EnterCore();
        lock (_requestLock)
        {
            ObjectDisposedException.ThrowIf(_closedForRequests, this);
            _requests.Enqueue(request);
            _hasRequests = true;
        }

        ClientVector.Raise();
    }

    /// <summary>Takes no request any more; those posted before can still be run.</summary>
    private protected void CloseForRequests()
    {
        lock (_requestLock)
        {
            _closedForRequests = true;
        }
    }

    /// <summary>Poll thread: whether something was posted.</summary>
    private protected bool HasRequests => _hasRequests;

    /// <summary>Poll thread: runs what was posted.</summary>
    /// <returns>How many requests ran.</returns>
    private protected int RunRequests()
    {
        int count = 0;
        while (_hasRequests)
        {
            Action request;
            lock (_requestLock)
            {
                request = _requests.Dequeue();
                _hasRequests = _requests.Count != 0;
            }

            request();
            count++;
        }

        return count;
    }

    /// <summary>Poll thread: tells every observer.</summary>
    /// <param name="state">The state entered.</param>
    private protected void NotifyObservers(MhiControllerState state)
    {
        foreach (IControllerObserver observer in _observers)
        {
            observer.StateChanged(state, state == MhiControllerState.Failed ? Failure : null);
        }
    }

    private protected abstract void BeginPowerUp(TaskCompletionSource done);

    private protected abstract void BeginPowerDown(TaskCompletionSource done);

    private protected abstract void BeginSuspend(TaskCompletionSource done);

    private protected abstract void BeginResume(TaskCompletionSource done);

    private protected abstract void BeginOpen(ChannelOpening opening);

    private protected abstract void BeginAbort(ChannelOpening opening);

    private protected abstract void BeginTakeDown(ChannelPair pair, MhiFailure failure);

    private protected abstract void BeginClose(ChannelPair pair, TimeSpan linger);

    private protected abstract void BeginSetRunning(ChannelPair pair, bool run, TaskCompletionSource done);

    private protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            ClientVector.Descriptor.Dispose();
        }
    }
}
