using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mhi.Endpoint.Boot;
using Mhi.Endpoint.Channels;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Registers;
using Mhi.Endpoint.Rings;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Endpoint;

/// <summary>
/// An MHI device that runs its mission firmware: state machine, commands, channels and event rings behind a register block,
/// a DMA translation table and interrupt vectors. It knows nothing else of its host.
/// </summary>
/// <remarks>
/// <para>Stepped by <see cref="Poll"/>: no threads, sleeps or locks inside, and no clock unless a held-back interrupt is
/// pending or a channel in burst mode is idle. One thread polls at a time; members that other threads may call say so.</para>
/// <para>The host is not trusted. Every value it wrote is read once, checked, and then used; what is wrong is refused,
/// counted (<see cref="CountOf"/>), and never stops the channels that are right. Work per call is bounded by the sizes of
/// the rings.</para>
/// <para>Once the channels have started, polling allocates nothing.</para>
/// </remarks>
public sealed partial class MhiEndpoint : IDeviceControl
{
    // Idle channels in burst mode: as long as a packet may wait that nothing announces.
    private const int MillisecondsBetweenLooks = 1;

    private readonly EndpointRegisters _registers;
    private readonly DmaTranslation _memory;
    private readonly IInterruptLines _vectors;
    private readonly TimeProvider _timeProvider;
    private readonly long _ticksBetweenLooks;
    private readonly ViolationCounters _violations;
    private readonly EventRing[] _eventRings;
    private readonly EventRing _controlEvents;
    private readonly ElementRing _commands;
    private readonly ChannelPair[] _active;
    private long _nextLook;
    private int _activeCount;
    private uint _controlSeen;
    private uint _doorbellsSeen;
    private bool _attention;
    private bool _isMoving;
    private volatile bool _failureRequested;

    /// <summary>Creates the device as it is after power on.</summary>
    /// <param name="registers">Its BAR.</param>
    /// <param name="memory">Its way to host memory.</param>
    /// <param name="vectors">Interrupt vectors granted, 1 to 64.</param>
    /// <param name="profile">Channels and event rings it has.</param>
    /// <param name="functions">What answers on which channel name; the others get a <see cref="SinkFunction"/>.</param>
    /// <param name="timeProvider">Clock of interrupt moderation, of the start from the boot loader, and of idleness.</param>
    /// <param name="options">How it starts and when it rests; the defaults if null.</param>
    /// <exception cref="ArgumentException">A function for a channel that the profile does not have, or options that do not go together.</exception>
    public MhiEndpoint(
        EndpointRegisters registers,
        DmaTranslation memory,
        ImmutableArray<InterruptVector> vectors,
        DeviceProfile profile,
        IReadOnlyDictionary<string, ChannelFunction> functions,
        TimeProvider timeProvider,
        EndpointOptions? options = null)
        : this(registers, memory, new FunctionInterrupts(vectors.IsDefault ? [] : vectors), profile, functions, timeProvider, options)
    {
    }

    /// <inheritdoc cref="MhiEndpoint(EndpointRegisters, DmaTranslation, ImmutableArray{InterruptVector}, DeviceProfile, IReadOnlyDictionary{string, ChannelFunction}, TimeProvider, EndpointOptions)"/>
    public MhiEndpoint(
        EndpointRegisters registers,
        DmaTranslation memory,
        IInterruptLines vectors,
        DeviceProfile profile,
        IReadOnlyDictionary<string, ChannelFunction> functions,
        TimeProvider timeProvider,
        EndpointOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(timeProvider);
        if (vectors.Count is < 1 or > 64)
        {
            throw new ArgumentException("The endpoint needs 1 to 64 interrupt vectors.", nameof(vectors));
        }

        _options = options ?? new EndpointOptions();
        _options.Validate();
        _registers = registers;
        _violations = new ViolationCounters(registers);
        _memory = memory;
        _vectors = vectors;
        _timeProvider = timeProvider;
        _ticksBetweenLooks = timeProvider.TimestampFrequency * MillisecondsBetweenLooks / 1000;
        _eventRings = new EventRing[registers.EventRings];
        for (int i = 0; i < _eventRings.Length; i++)
        {
            _eventRings[i] = new EventRing((uint)i, registers, memory, _violations);
        }

        _controlEvents = _eventRings[0];
        _commands = new ElementRing(memory, _violations);
        _active = new ChannelPair[CreateChannels(profile, functions)];
        _download = new ImageDownload(memory, _options.FirmwareSha256);
        _ticksToIdle = _options.IdleTime is { } idle ? (long)(idle.TotalSeconds * timeProvider.TimestampFrequency) : 0;
        PowerOn(whole: true);
    }

    /// <summary>State the device reports. May be read by any thread.</summary>
    public MhiState State => _registers.ReportedState;

    /// <summary>Whether the host holds the device awake. May be read by any thread.</summary>
    public bool IsWakeAsserted => _registers.IsWakeAsserted;

    /// <summary>
    /// Whether the device polls a write pointer in host memory, so that nothing will wake it when the host queues more.
    /// After some idle calls of <see cref="Poll"/> it looks only now and then, as <see cref="TryGetDelay"/> says.
    /// </summary>
    internal bool MustBePolled { get; private set; }

    /// <summary>Where the thread that polls may sleep; register writes and <see cref="RaiseSystemError"/> wake it.</summary>
    internal Parker Parker => _registers.Parker;

    /// <summary>How often the host did something wrong. May be called by any thread.</summary>
    /// <param name="violation">What.</param>
    /// <returns>The count since the device was made.</returns>
    public long CountOf(HostViolation violation) => _violations[violation];

    /// <summary>
    /// Makes the device fail: SYS_ERR on the next <see cref="Poll"/>, until the host resets it. May be called by any thread.
    /// </summary>
    public void RaiseSystemError()
    {
        _failureRequested = true;
        Parker.Wake();
    }

    /// <inheritdoc/>
    public void Wake() => Parker.Wake();

    /// <summary>Handles what the host has asked for until now, and returns.</summary>
    /// <returns>How much was done; 0 means that the device waits for the host or for a time.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Poll()
    {
        if (_registers.DoorbellSequence == _doorbellsSeen
            && _registers.ControlSequence == _controlSeen
            && !_attention
            && !_moderating
            && !_failureRequested
            && (_nextDue == 0 || !IsDue()))
        {
            return 0;
        }

        return Step();
    }

    /// <summary>When the device has to be stepped again although the host does nothing: a held-back interrupt, a look at a write pointer, the next step of a start, or rest.</summary>
    /// <param name="delay">From now; zero if it is overdue.</param>
    /// <returns>Whether there is one.</returns>
    internal bool TryGetDelay(out TimeSpan delay)
    {
        delay = TimeSpan.Zero;
        if (!_moderating && _nextDue == 0)
        {
            return false;
        }

        long next = _nextDue != 0 ? _nextDue : long.MaxValue;
        foreach (EventRing ring in _eventRings)
        {
            if (ring.Deadline != 0)
            {
                next = Math.Min(next, ring.Deadline);
            }
        }

        long now = _timeProvider.GetTimestamp();
        if (next > now)
        {
            delay = _timeProvider.GetElapsedTime(now, next);
        }

        return true;
    }

    private int Step()
    {
        _memory.Enter();
        try
        {
            int work = 0;
            uint control = _registers.ControlSequence;
            if (control != _controlSeen || _failureRequested || _isRequestDeferred)
            {
                work = HandleControl();
                _controlSeen = control;
            }

            if (_queued != 0)
            {
                work += SendQueued();
            }

            if (_bootStep != BootStep.Done)
            {
                work += Boot();
            }

            if (_state == MhiState.M2)
            {
                work += LeaveRest();
            }

            if (_isMoving)
            {
                work += Move();
            }
            else if (_state == MhiState.M2)
            {
                _doorbellsSeen = _registers.DoorbellSequence;
                _attention = _queued != 0 || _isRequestDeferred;
                MustBePolled = false;
            }
            else
            {
                // Doorbells of a device that is not in M0 are looked at when it is.
                _doorbellsSeen = _registers.DoorbellSequence;
                _attention = _queued != 0 || _isRequestDeferred || IsDownloading;
                MustBePolled = false;
                _nextLook = 0;
            }

            if (_ticksToIdle != 0)
            {
                WatchIdleness(work != 0 || _attention);
            }

            SetNextDue();
            Publish();
            if (_moderating)
            {
                work += RaiseOverdue();
            }

            if (_raise != 0)
            {
                RaiseVectors();
            }

            return work;
        }
        finally
        {
            _memory.Leave();
        }
    }

    // M0 or M1, and bus master: commands, then channels.
    private int Move()
    {
        int work = 0;
        if (_commands.Pending != 0)
        {
            work = RunCommands();
        }

        // Sequence before doorbells: one that rings during the loop brings the next call back. So does an exception of a
        // channel function, whatever it leaves behind.
        _doorbellsSeen = _registers.DoorbellSequence;
        _dataDoorbellsSeen = _doorbellsSeen - _registers.DoorbellCount(Doorbell.DeviceWake);
        _attention = true;
        bool attention = _queued != 0 || _isRequestDeferred || _commands.Pending != 0;
        bool polling = false;
        bool resting = false;
        foreach (ChannelPair pair in _active.AsSpan(0, _activeCount))
        {
            work += pair.Poll();
            if (pair.NeedsAttention)
            {
                attention = true;
                polling |= pair.IsPolling;
            }

            resting |= pair.IsResting;
        }

        _attention = attention;
        MustBePolled = polling;
        _nextLook = resting ? Math.Max(_timeProvider.GetTimestamp() + _ticksBetweenLooks, 1) : 0;
        return work;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsDue() => _timeProvider.GetTimestamp() >= _nextDue;
}
