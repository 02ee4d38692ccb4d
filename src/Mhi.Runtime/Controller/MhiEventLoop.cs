using System;
using System.Threading;
using Mhi.Interop.Threading;
using Mhi.Pci;

namespace Mhi.Controller;

/// <summary>
/// A thread that polls a controller: again and again while there is work, a little longer when there is none, then
/// asleep until the device or a client signals, or something is due.
/// </summary>
/// <remarks>Dispose it before the controller. A program may call <see cref="MhiController.Poll"/> in its own loop instead.</remarks>
public sealed class MhiEventLoop : IDisposable
{
    // A device that never lets the loop rest is looked at after so many polls with work: much dearer than a register read,
    // and much less than what anybody waits for.
    private const int BusyPolls = 4096;

    // Place of the device's vector 0, behind the clients' one.
    private const int StateVector = 1;

    private readonly MhiController _controller;
    private readonly MhiEventLoopOptions _options;
    private readonly InterruptVector[] _vectors;
    private readonly EventFdSet _descriptors;
    private readonly Thread _thread;
    private volatile bool _stopping;
    private bool _hasWorked;

    private MhiEventLoop(MhiController controller, MhiEventLoopOptions options)
    {
        _controller = controller;
        _options = options;
        _vectors = [controller.ClientVector, .. controller.Vectors];
        _descriptors = new EventFdSet([.. Array.ConvertAll(_vectors, static vector => vector.Descriptor)], controller.Alarms);
        _thread = new Thread(Run)
        {
            IsBackground = true,
            Name = options.ThreadName ?? $"mhi {controller.Name}",
        };
    }

    /// <summary>Starts a thread for a controller.</summary>
    /// <param name="controller">The controller; nobody else may poll it meanwhile.</param>
    /// <param name="options">Choices; null takes the defaults.</param>
    /// <returns>The running loop.</returns>
    public static MhiEventLoop Start(MhiController controller, MhiEventLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(controller);
        options ??= new MhiEventLoopOptions();
        options.Validate();
        var loop = new MhiEventLoop(controller, options);
        loop._thread.Start();
        return loop;
    }

    /// <summary>How often a vector of the device has woken the thread. Any thread; 0 for a loop that never needed to wait.</summary>
    /// <param name="vector">Index of the vector, as in <see cref="IPciFunction{TRegisters}.Vectors"/>.</param>
    /// <returns>The number.</returns>
    public long CountInterrupts(int vector) => _descriptors.CountSignals(vector + 1);

    /// <summary>Stops the thread and waits for it. The controller stays as it is.</summary>
    public void Dispose()
    {
        if (!_stopping)
        {
            _stopping = true;
            _controller.ClientVector.Descriptor.Signal();
            _thread.Join();
        }
    }

    private void Run()
    {
        int idle = 0;
        int busy = 0;
        bool woken = false;
        while (!_stopping)
        {
            bool worked = _controller.Poll() != 0;
            _hasWorked |= worked;
            if (worked && ++busy < BusyPolls)
            {
                idle = 0;
                woken = false;
            }
            else if (worked || woken)
            {
                // An interrupt without an event, a long silence, or none at all: the device may have failed or gone.
                busy = 0;
                woken = false;
                _controller.CheckDevice();
            }
            else if (idle < _options.IdlePolls)
            {
                idle++;
                Thread.SpinWait(1);
            }
            else
            {
                woken = WaitForSignal();
                idle = 0;
            }
        }
    }

    // Returns whether the device is to be looked at if the wait has brought no work.
    private bool WaitForSignal()
    {
        foreach (InterruptVector vector in _vectors)
        {
            vector.Arm();
        }

        // After the barrier, whoever stored something for us either sees the vector armed and signals, or stored it
        // early enough for the poll below to find it.
        Interlocked.MemoryBarrierProcessWide();
        bool waits = _controller.Poll() == 0 && !_stopping;
        bool isToBeChecked = false;
        if (waits)
        {
            long interrupts = _descriptors.CountSignals(StateVector);
            bool isSignalled = _descriptors.Wait(_controller.MillisecondsUntilDue());

            // Events that were handled before their interrupt was taken leave it pending: that explains one empty wake-up, and
            // saves a register read after each burst of traffic. It explains no signal of a vector of state changes alone.
            isToBeChecked = !isSignalled || !_hasWorked || _descriptors.IsWatchedSignalled
                || _controller.Vectors.Length == 1 || _descriptors.CountSignals(StateVector) != interrupts;
        }

        _hasWorked = !waits;

        foreach (InterruptVector vector in _vectors)
        {
            vector.Disarm();
        }

        return isToBeChecked;
    }
}
