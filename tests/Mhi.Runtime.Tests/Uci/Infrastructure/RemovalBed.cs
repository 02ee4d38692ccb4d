using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A started host over a device that holds every transfer, may leave in any way, and may come back.</summary>
internal sealed class RemovalBed : IDisposable
{
    /// <summary>Channel numbers of LOOPBACK.</summary>
    public const byte Uplink = 0;

    public const byte Downlink = 1;

    /// <summary>M and R.</summary>
    public const int Mtu = 100;

    private static readonly string[] s_loopback = ["LOOPBACK"];

    private readonly List<HeldHost> _devices = [];
    private readonly string[] _names;
    private readonly int _elements;

    /// <summary>Starts a host over one device with rings of the size given.</summary>
    public RemovalBed(int elements = 4, UciTableEntry? entry = null, TimeSpan? linger = null, IUciHostObserver? observer = null, string[]? names = null)
    {
        _elements = elements;
        _names = names ?? s_loopback;
        Host = new UciHost(new UciHostOptions
        {
            Table = new UciTable(_names.Select(name => entry ?? new UciTableEntry(name, Mtu))),
            Linger = linger ?? TimeSpan.Zero,
            Observer = observer,
        });
        Host.Start();
        Plug(new HeldDevice());
        Node = Host.Nodes[0];
    }

    public UciHost Host { get; }

    /// <summary>The node published first.</summary>
    public UciNode Node { get; }

    /// <summary>The device that is there, or was there last.</summary>
    public HeldDevice Device => _devices[^1].Device;

    public MhiController Controller => _devices[^1].Controller;

    /// <summary>Every device there ever was.</summary>
    public IEnumerable<HeldDevice> Devices => _devices.Select(host => host.Device);

    public UciHandle Open(UciOpenOptions? options = null) => Host.Open(Node.Name, options);

    /// <summary>Waits for a task whose end is promised soon.</summary>
    public static T Soon<T>(Task<T> task)
    {
        Assert.True(task.Wait(UciBed.Soon), "it did not end in its time");
        return task.Result;
    }

    /// <summary>Waits for a task whose end is promised soon.</summary>
    public static void Soon(Task task) => Assert.True(task.Wait(UciBed.Soon), "it did not end in its time");

    /// <summary>What a call ends with that may block, on a thread of its own.</summary>
    public static Task<Exception?> Ending(Action call) => OpenBed.OnThread(() => Record(call));

    /// <summary>What a task that must end soon ends with.</summary>
    public static Exception? Ending(Task task)
    {
        Assert.True(((IAsyncResult)task).AsyncWaitHandle.WaitOne(UciBed.Soon), "it did not end in its time");
        return task.Exception?.InnerException;
    }

    /// <summary>A failure must be of this kind and carry this errno.</summary>
    public static T AssertError<T>(int errno, Exception? failure)
        where T : Exception
    {
        T typed = Assert.IsAssignableFrom<T>(failure);
        Assert.Equal(errno, Assert.IsAssignableFrom<IUciError>(failure).ErrorCode);
        return typed;
    }

    /// <summary>A call must fail like this.</summary>
    public static T AssertError<T>(int errno, Action call)
        where T : Exception =>
        AssertError<T>(errno, Record(call));

    /// <summary>A call must find its device gone.</summary>
    public static void AssertRemoved(Action call) => AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, call);

    public void UntilWaiting(int operations) =>
        OpenBed.WaitUntil(() => Node.Counters.Waiters >= operations, $"{operations} operations wait");

    public void Deliver(params byte[] packet) =>
        OpenBed.WaitUntil(() => Device.Deliver(Downlink, packet), "a receive buffer is posted");

    /// <summary>Waits until so many elements are with the device.</summary>
    public void UntilHeld(int elements) =>
        OpenBed.WaitUntil(() => Device.Outstanding(Uplink).Length == elements, $"the device holds {elements} elements");

    /// <summary>Lets the device leave.</summary>
    public void Leave(Leaving way)
    {
        switch (way)
        {
            case Leaving.Remove:
                Host.Remove(Controller);
                break;
            case Leaving.Stop:
                Host.Stop();
                break;
            case Leaving.PowerDown:
                Controller.PowerDown();
                break;
            default:
                Device.Vanish();
                break;
        }
    }

    /// <summary>Lets the device leave and waits until its node shows it.</summary>
    public void LeaveAndSee(Leaving way)
    {
        Leave(way);
        OpenBed.WaitUntil(() => Node.IsGone && Host.Nodes.Count == 0, "the node is withdrawn");
    }

    /// <summary>Undoes a leave.</summary>
    /// <returns>The new node.</returns>
    public UciNode Return(Leaving way)
    {
        switch (way)
        {
            case Leaving.Remove:
                Host.Attach(Controller);
                break;
            case Leaving.Stop:
                Host.Start();
                break;
            case Leaving.PowerDown:
                Controller.PowerUp();
                break;
            default:
                Plug(Device.ComeBack());
                break;
        }

        OpenBed.WaitUntil(() => Host.Nodes.Count == 1, "a new node is published");
        return Host.Nodes[0];
    }

    /// <summary>Puts another device in the place of the last.</summary>
    public void Plug(HeldDevice device)
    {
        _devices.Add(HeldHost.RunningAsync(TestProfile.Of(_elements, _names), device: device).GetAwaiter().GetResult());
        Host.Attach(Controller);
    }

    /// <summary>Takes the last device out, handles open or not, and puts another in its place.</summary>
    public void Replace()
    {
        HeldHost last = _devices[^1];
        HeldDevice next = last.Device.ComeBack();
        Host.Remove(last.Controller);
        _devices.RemoveAt(_devices.Count - 1);
        last.Dispose();
        Assert.Equal(0, last.Device.LiveRegions);
        Plug(next);
    }

    public void Dispose()
    {
        Host.Dispose();
        foreach (HeldHost device in _devices)
        {
            device.Dispose();
        }
    }

    private static Exception? Record(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
