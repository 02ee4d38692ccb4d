using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>
/// A host over a device that holds every transfer, for writing and polling. Stepped: nothing moves unless the test pumps,
/// which <see cref="Until"/> and everything built on it do. With threads: all moves by itself.
/// </summary>
internal sealed class DefBed : IDisposable
{
    public const byte Up = 0;
    public const byte Down = 1;
    public const int M = 0x1000;

    /// <summary>What stands for "never hangs" when a test does very much.</summary>
    public static readonly TimeSpan Stress = TimeSpan.FromMinutes(5);

    private readonly List<UciHandle> _handles = [];
    private readonly bool _isStepped;

    private DefBed(HeldHost held, UciTableEntry? entry, bool isStepped)
    {
        Held = held;
        _isStepped = isStepped;
        Host = new UciHost(new UciHostOptions
        {
            Table = new UciTable([entry ?? new UciTableEntry("LOOPBACK", M)]),
            Linger = TimeSpan.Zero,
        });
        Host.Attach(held.Controller);
        Host.Start();
        Node = Host.Nodes.Single();
    }

    public HeldHost Held { get; }

    public HeldDevice Device => Held.Device;

    public MhiController Controller => Held.Controller;

    public UciHost Host { get; }

    public UciNode Node { get; }

    public UciCounters Counters => Node.Counters;

    /// <summary>A bed stepped by the test; three descriptors per direction unless the profile says otherwise.</summary>
    public static DefBed Stepped(UciTableEntry? entry = null, DeviceProfile? profile = null) =>
        new(HeldHost.Stepped(profile), entry, isStepped: true);

    /// <summary>A bed whose device and controller have threads.</summary>
    public static DefBed Running(UciTableEntry? entry = null, DeviceProfile? profile = null) =>
        new(HeldHost.RunningAsync(profile).GetAwaiter().GetResult(), entry, isStepped: false);

    /// <summary>Bytes numbered from a seed, so that no two places look alike.</summary>
    public static byte[] Bytes(int length, int seed = 0)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public UciHandle Open(UciAccess access = UciAccess.ReadWrite, bool nonBlocking = false)
    {
        Task<UciHandle> opening = Node.OpenAsync(new UciOpenOptions { Access = access, NonBlocking = nonBlocking });
        UciHandle handle = Result(opening);
        _handles.Add(handle);
        Pump();
        return handle;
    }

    public void Close(UciHandle handle)
    {
        _ = _handles.Remove(handle);
        Done(handle.CloseAsync());
    }

    /// <summary>Lets host and device do what there is to do; with threads they do so anyway.</summary>
    public void Pump()
    {
        if (_isStepped)
        {
            Held.Pump();
        }
    }

    /// <summary>Waits, and lets things move, until something holds.</summary>
    /// <param name="condition">What the test waits for.</param>
    /// <param name="bound">When it counts as a hang.</param>
    public void Until(Func<bool> condition, TimeSpan? bound = null)
    {
        long start = Stopwatch.GetTimestamp();
        var spinner = default(SpinWait);
        while (true)
        {
            Pump();
            if (condition())
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(start) > (bound ?? UciBed.Long))
            {
                Assert.Fail($"What the test waits for did not come. Counters: {Counters}");
            }

            spinner.SpinOnce(sleep1Threshold: 50);
        }
    }

    /// <summary>Waits, and lets things move, until a task has ended; throws what it threw.</summary>
    public void Done(Task task, TimeSpan? bound = null)
    {
        Until(() => task.IsCompleted, bound);
        task.GetAwaiter().GetResult();
    }

    public T Result<T>(Task<T> task, TimeSpan? bound = null)
    {
        Done(task, bound);
        return task.Result;
    }

    /// <summary>Asserts that a task ends within the bound that the specification sets, and returns what it came to.</summary>
    public T Soon<T>(Task<T> task) => Result(task, UciBed.Soon);

    /// <summary>Asserts that an action ends within the bound that the specification sets.</summary>
    public void Soon(Action action) =>
        Done(Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), UciBed.Soon);

    /// <summary>The exception that a task ends with; other exceptions, and none, fail the test.</summary>
    public TException Failure<TException>(Task task)
        where TException : Exception
    {
        Until(() => task.IsCompleted);
        return Assert.Throws<TException>(() => task.GetAwaiter().GetResult());
    }

    /// <summary>Starts a call that waits in line behind others, and returns when that many operations are under way.</summary>
    public Task<T> Queued<T>(Func<T> call, int waiters) => Waiting(call, () => Counters.Waiters >= waiters);

    /// <summary>Starts a call that waits for room in the ring, and returns when it does.</summary>
    public Task<T> WaitingWriter<T>(UciHandle handle, Func<T> call) => Waiting(call, () => handle.Session.Uplink!.Waiter is not null);

    /// <summary>Starts a call that waits for a packet, and returns when it does.</summary>
    public Task<T> WaitingReader<T>(UciHandle handle, Func<T> call) => Waiting(call, () => handle.Session.Downlink!.Waiter is not null);

    /// <summary>Starts a poll or flush that waits, and returns when that many do.</summary>
    public Task<T> Watching<T>(UciHandle handle, Func<T> call, int watchers = 1) => Waiting(call, () => handle.Session.Watchers.Count == watchers);

    /// <summary>Fills the uplink ring with packets of one descriptor that the device holds.</summary>
    public void Fill(UciHandle handle, int free = 0)
    {
        int full = (handle.MaxMessageLength / Node.MaxTransferBytes) - free;
        while (Counters.OutstandingBuffers < full)
        {
            Assert.Equal(1, handle.Write([0xff]));
        }

        Until(() => Device.Outstanding(Up).Length == full);
    }

    /// <summary>The flags of every uplink descriptor so far: C for CHAIN, E for EOT.</summary>
    public string Flags() => string.Concat(Device.Elements(Up).Select(static element =>
        (element.IsChained ? "C" : "") + (element.EndsTransfer ? "E" : "")));

    /// <summary>Lets everything come to rest that moves without help.</summary>
    public void Settle()
    {
        for (int i = 0; i < 3; i++)
        {
            Pump();
            _ = Thread.Yield();
        }
    }

    public void Dispose()
    {
        Host.Dispose();
        foreach (UciHandle handle in _handles)
        {
            Task closing = handle.CloseAsync();
            Until(() => closing.IsCompleted);
        }

        Held.Dispose();
    }

    private Task<T> Waiting<T>(Func<T> call, Func<bool> isThere)
    {
        Task<T> task = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Until(() => task.IsCompleted || isThere());
        Settle();
        Assert.False(task.IsCompleted, "The call did not wait.");
        return task;
    }
}
