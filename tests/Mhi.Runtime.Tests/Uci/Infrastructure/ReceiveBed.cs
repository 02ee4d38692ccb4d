using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A node over a device that delivers exactly what the test says; one handle is open from the start.</summary>
internal sealed class ReceiveBed : IDisposable
{
    public const byte Up = 0;
    public const byte Down = 1;

    private readonly bool _isStepped;

    /// <param name="elements">Elements of each ring: one more than receive buffers.</param>
    /// <param name="entry">The table's entry; LOOPBACK with 4096 bytes by default.</param>
    /// <param name="isStepped">Whether the test steps host and device with <see cref="Pump"/>; else each has a thread.</param>
    /// <param name="linger">How long the last close waits; not at all by default.</param>
    public ReceiveBed(int elements = 4, UciTableEntry? entry = null, bool isStepped = false, TimeSpan? linger = null)
    {
        _isStepped = isStepped;
        Buffers = elements - 1;
        Lower = isStepped
            ? HeldHost.Stepped(TestProfile.Of(elements))
            : HeldHost.RunningAsync(TestProfile.Of(elements)).GetAwaiter().GetResult();
        RegionsWhenClosed = Device.LiveRegions;
        Host = new UciHost(new UciHostOptions
        {
            Table = new UciTable([entry ?? new UciTableEntry("LOOPBACK", 0x1000)]),
            Linger = linger ?? TimeSpan.Zero,
        });
        Host.Attach(Controller);
        Host.Start();
        Node = Host.Nodes.Single();
        Handle = Open();
    }

    /// <summary>N_dl.</summary>
    public int Buffers { get; }

    public HeldHost Lower { get; }

    public HeldDevice Device => Lower.Device;

    public MhiController Controller => Lower.Controller;

    /// <summary>DMA regions that live while no channel is open.</summary>
    public int RegionsWhenClosed { get; }

    public UciHost Host { get; }

    public UciNode Node { get; }

    /// <summary>The first handle.</summary>
    public UciHandle Handle { get; }

    /// <summary>Bytes that differ from their neighbours and from those of other seeds.</summary>
    public static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 7) + (i >> 8) + (seed * 31));
        }

        return bytes;
    }

    /// <summary>Waits for a condition that must come true; the bound stands for "never hangs".</summary>
    public static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, UciBed.Long), "what was waited for never came");

    /// <summary>Waits for a condition that must come true within the specification's bound.</summary>
    public static void Soon(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, UciBed.Soon), "what should come soon did not");

    /// <summary>Waits for a task that must end within the specification's bound.</summary>
    public static T Soon<T>(Task<T> task)
    {
        Assert.True(((IAsyncResult)task).AsyncWaitHandle.WaitOne(UciBed.Soon), "the operation did not end");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for an operation that must end within the specification's bound.</summary>
    public static T Soon<T>(ValueTask<T> task) => Soon(task.AsTask());

    public UciHandle Open(UciOpenOptions? options = null)
    {
        Task<UciHandle> opening = Host.OpenAsync(Node.Name, options);
        Settle(opening);
        return opening.Result;
    }

    public void Close(UciHandle handle) => Settle(handle.CloseAsync());

    /// <summary>Stepped: lets host and device do what there is to do.</summary>
    public void Pump() => Lower.Pump();

    /// <summary>The device sends packets, each as soon as there are buffers for all of it.</summary>
    public void Arrive(params byte[][] packets)
    {
        foreach (byte[] packet in packets)
        {
            WhenPosted(() => Device.Deliver(Down, packet));
        }
    }

    /// <summary>The device completes the next receive buffer in any way.</summary>
    public void ArrivePiece(ReadOnlySpan<byte> data, CompletionCode code, ushort? length = null)
    {
        byte[] copy = data.ToArray();
        WhenPosted(() => Device.DeliverPiece(Down, copy, code, length));
    }

    /// <summary>Waits until so many buffers are unread.</summary>
    public void UntilPending(int count) => Until(() => Node.Counters.PendingBuffers == count);

    /// <summary>Starts a thread's call and waits until it waits.</summary>
    public Task<T> Block<T>(Func<T> call)
    {
        int before = Node.Counters.Waiters;
        Task<T> task = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Until(() => task.IsCompleted || Node.Counters.Waiters > before);
        return task;
    }

    /// <summary>The device breaks the protocol on the downlink, so that the host resets the channel unasked.</summary>
    public void BreakChannel() =>
        Device.PostEvent(0, RingElement.TransferEvent(0x10, CompletionCode.EndOfTransfer, 1, Down));

    /// <summary>At rest every receive buffer is in one place, and none is lost on its way.</summary>
    public void AssertEveryBufferIsAccountedFor()
    {
        UciCounters counters = default;
        bool isRight = SpinWait.SpinUntil(
            () =>
            {
                counters = Node.Counters;
                return counters.DeferredBuffers == 0
                    && counters.PostedBuffers + counters.PendingBuffers + counters.CurrentBuffers == Buffers;
            },
            _isStepped ? TimeSpan.Zero : UciBed.Long);
        Assert.True(isRight, $"{Buffers} receive buffers should be accounted for: {counters}");
    }

    public void Dispose()
    {
        Host.Dispose();
        Close(Handle);
        Lower.Dispose();
    }

    private void WhenPosted(Func<bool> deliver)
    {
        if (_isStepped)
        {
            Pump();
            Assert.True(deliver(), "no receive buffer is posted");
            Pump();
        }
        else
        {
            Until(deliver);
        }
    }

    private void Settle(Task task)
    {
        if (_isStepped)
        {
            Until(() =>
            {
                Pump();
                return task.IsCompleted;
            });
        }

        task.GetAwaiter().GetResult();
    }
}
