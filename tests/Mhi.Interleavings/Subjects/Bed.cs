using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Interleavings.Profiles;
using Mhi.Interleavings.Scheduling;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Interleavings.Subjects;

/// <summary>
/// The product's host, node and controller over a device whose every poll is one step of a logical thread. One bed serves many
/// executions, one after the other; each begins with a node that nobody has opened.
/// </summary>
internal sealed class Bed : IDisposable
{
    // Bus addresses are not used twice by the scripted device, and are to stay short of what profiles allow.
    private const int MostUses = 1000;

    // A controller with nothing due is to be looked at every two seconds; nothing comes of that here.
    private const int HealthCheckMilliseconds = 2000;

    private readonly BedOptions _options;
    private readonly ScriptedDevice _function = new();
    private UciHost _host = null!;
    private bool _isClean;
    private int _uses;

    private Bed(BedOptions options)
    {
        _options = options;
        DeviceProfile profile = KnownProfiles.FoxconnT99W175;
        profile = profile with
        {
            Channels = [.. profile.Channels.Where(static each => each.Name == "LOOPBACK").Select(each => each with { Elements = options.Elements })],
        };
        Controller = MhiController.Create(_function, profile, new MhiControllerOptions { TimeProvider = new ExecutionTime(), CommandTimeout = options.CommandTimeout ?? TimeSpan.FromDays(1) });
        Device = new BedDevice(_function);
        Task powerUp = Controller.PowerUpAsync();
        while (Controller.Poll() + Device.Step() != 0)
        {
            // Until nothing moves any more.
        }

        Assert.True(powerUp.IsCompletedSuccessfully);
        Controller.ClientVector.Arm();
    }

    public MhiController Controller { get; }

    public BedDevice Device { get; }

    public Execution Execution { get; private set; } = null!;

    public UciNode Node { get; private set; } = null!;

    /// <summary>A scenario on the product.</summary>
    public static Action<Execution> Scenario(BedOptions options, Action<Bed> body)
    {
        Bed? bed = null;
        return execution =>
        {
            if (bed is { _isClean: true, _uses: MostUses })
            {
                bed.Dispose();
                bed = null;
            }

            // What a failed execution has left is in no state to be used, or ended.
            bed = bed is { _isClean: true } ? bed : new Bed(options);
            bed.Begin(execution);
            body(bed);
            bed.End();
        };
    }

    public void Dispose()
    {
        Controller.Dispose();
        foreach (Mhi.Pci.InterruptVector vector in _function.Vectors)
        {
            vector.Descriptor.Dispose();
        }
    }

    /// <summary>Opens the node and waits for the handle.</summary>
    public UciHandle Open(CancellationToken token = default) => Wait(_host.OpenAsync(Node.Name, null, token), "open");

    /// <summary>Closes a handle and waits for the end of that.</summary>
    public void Close(UciHandle handle)
    {
        Task closing = handle.CloseAsync();
        Execution.Block(() => closing.IsCompleted, "close");
        handle.Dispose();
    }

    /// <summary>The device has gone.</summary>
    public void Remove() => _host.Remove(Controller);

    /// <summary>The nodes that can be opened now.</summary>
    public IReadOnlyList<UciNode> Nodes => _host.Nodes;

    /// <summary>Waits for the end of a task.</summary>
    public void Wait(Task task, string what)
    {
        Execution.Block(() => task.IsCompleted, what);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the end of a task.</summary>
    public T Wait<T>(Task<T> task, string what)
    {
        Execution.Block(() => task.IsCompleted, what);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the end of an operation.</summary>
    public T Wait<T>(ValueTask<T> task, string what)
    {
        Execution.Block(() => task.IsCompleted, what);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the end of an operation.</summary>
    public void Wait(ValueTask task, string what)
    {
        Execution.Block(() => task.IsCompleted, what);
        task.GetAwaiter().GetResult();
    }

    private void Begin(Execution execution)
    {
        _isClean = false;
        _uses++;
        Execution = execution;
        Device.Begin(_options);
        _host = new UciHost(new UciHostOptions
        {
            Linger = _options.Linger,
            Table = new UciTable([new UciTableEntry("LOOPBACK", BedOptions.Mtu) { PoolDepth = _options.PoolDepth, WritePolicy = _options.WritePolicy }]),
        });
        _host.Attach(Controller);
        _host.Start();
        Node = _host.Nodes.Single();
        execution.CompletionThread = execution.Spawn("device", Poll, isDaemon: true);
        execution.Settle();
    }

    // Every handle is closed: nothing is left of the channel, at the host or at the device.
    private void End()
    {
        Execution.Settle();
        UciCounters counters = Node.Counters;
        Assert.Equal(0, counters.OpenHandles);
        Assert.Equal(0, counters.Waiters);
        Assert.Equal(Device.Starts, Device.Stops);
        Assert.Equal(0, Device.Faults);

        // The memory of a channel whose RESET was not answered in time stays the device's.
        bool isClean = _options.CommandTimeout is null;
        Assert.True(_function.LiveRegions == 1 || !isClean);
        _host.Dispose();
        Execution.Settle();
        _isClean = isClean;
    }

    private TimeSpan TimeUntilDue() =>
        Controller.MillisecondsUntilDue() is > 0 and < HealthCheckMilliseconds and int left
            ? TimeSpan.FromMilliseconds(left)
            : Timeout.InfiniteTimeSpan;

    private void Poll()
    {
        bool goesOn = true;
        bool isRaised = false;
        Func<bool> hasWork = () => goesOn || Device.HasNews || (isRaised |= Controller.ClientVector.Descriptor.Drain());
        while (true)
        {
            Execution.Block(hasWork, TimeUntilDue(), "poll");
            isRaised = false;
            MhiControllerState before = Controller.State;
            _ = Controller.Poll();

            // A poll that only brings the controller somewhere moves no data.
            goesOn = Device.Step() != 0 || Controller.State != before;
        }
    }
}
