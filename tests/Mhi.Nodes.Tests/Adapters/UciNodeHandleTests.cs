using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Nodes.Adapters;
using Mhi.Profiles;
using Mhi.Uci;
using Xunit;

namespace Mhi.Nodes.Tests.Adapters;

/// <summary>The handle of an emulated device that can be stopped, as the server of nodes uses it.</summary>
public sealed class UciNodeHandleTests : IDisposable, INodeListener
{
    private readonly EmulatedModem _modem = new();
    private readonly MhiController _controller;
    private readonly MhiEventLoop _loop;
    private readonly UciHost _host = new(new UciHostOptions { Linger = TimeSpan.Zero });
    private readonly NodeHandle _handle;
    private readonly Lock _lock = new();
    private int _told;
    private bool _isClosed;
    private bool _awaitsArrivals;

    public UciNodeHandleTests()
    {
        _modem.Start();
        _controller = MhiController.Create(_modem.Function, KnownProfiles.FoxconnT99W175);
        _loop = MhiEventLoop.Start(_controller);
        _controller.PowerUp();
        _host.Attach(_controller);
        _host.Start();
        _handle = new UciNodeFile(_host.Nodes[0]).OpenAsync(NodeAccess.ReadWrite, this, CancellationToken.None).GetAwaiter().GetResult();
    }

    void INodeListener.OnReady(NodeEvents events)
    {
        _ = Interlocked.Increment(ref _told);
        lock (_lock)
        {
            if ((events & NodeEvents.Out) != 0 && !_isClosed)
            {
                // As the server does while a write waits, and not after the end: it would throw, on a thread of the pool.
                _handle.Arm(NodeEvents.Out);
            }

            if ((events & NodeEvents.In) != 0 && _awaitsArrivals && !_isClosed)
            {
                _handle.ArmArrival(_handle.Arrivals);
            }
        }
    }

    [Fact]
    public void Events_AreThoseOfThePollMask()
    {
        Assert.Equal(NodeEvents.Out, _handle.Events);
        Assert.Equal(3, _handle.TryWrite([1, 2, 3]));
        Assert.True(SpinWait.SpinUntil(() => _handle.Events == (NodeEvents.In | NodeEvents.Out), TimeSpan.FromSeconds(20)));
        Assert.Equal(1u, _handle.Arrivals);
        Assert.Equal(3, _handle.Available);
        byte[] buffer = new byte[10];
        Assert.Equal(3, _handle.TryRead(buffer));
        Assert.Equal(0, _handle.Available);
        Assert.Equal(-Errno.Again, _handle.TryRead(buffer));
    }

    [Fact]
    public async Task ArmOut_WhenAMessageDoesNotFitButASmallerOneWould_DoesNotSpin()
    {
        // The echo stalls when its receive buffers are full: from then on nothing changes.
        byte[] message = new byte[0x8000];
        int refused = 0;
        while (refused < 20_000)
        {
            refused = _handle.TryWrite(message) == -Errno.Again ? refused + 1 : 0;
            _ = Thread.Yield();
        }

        Assert.Equal(NodeEvents.Out, _handle.Events & NodeEvents.Out);
        _handle.Arm(NodeEvents.Out);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _told) != 0, TimeSpan.FromSeconds(20)));
        for (int i = 0; i < 1000; i++)
        {
            await Task.Run(static () => { });
        }

        // Once for what may have become free before the wait began, and once for a completion on its way.
        Assert.InRange(Volatile.Read(ref _told), 1, 4);

        // Room comes, and is told.
        int before = Volatile.Read(ref _told);
        byte[] buffer = new byte[0x8000];
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                _ = _handle.TryRead(buffer);
                return Volatile.Read(ref _told) > before;
            },
            TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task ArmArrival_WhileTheControllerIsInAnError_DoesNotSpin()
    {
        Assert.Equal(1, _handle.TryWrite([1]));
        Assert.True(SpinWait.SpinUntil(() => (_handle.Events & NodeEvents.In) != 0, TimeSpan.FromSeconds(20)));
        _modem.Endpoint.RaiseSystemError();
        Assert.True(SpinWait.SpinUntil(
            () => (_handle.Events & (NodeEvents.Error | NodeEvents.HangUp)) == NodeEvents.Error, TimeSpan.FromSeconds(20)));
        lock (_lock)
        {
            _awaitsArrivals = true;
            _handle.ArmArrival(_handle.Arrivals);
        }

        for (int i = 0; i < 1000; i++)
        {
            await Task.Run(static () => { });
        }

        // The timer that looks whether the error has passed, a few times a second, and nothing that calls itself.
        Assert.InRange(Volatile.Read(ref _told), 0, 100);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _told) != 0, TimeSpan.FromSeconds(20)), "Nobody looks whether it has passed.");
    }

    [Fact]
    public void Removal_EndsEverything()
    {
        _handle.Arm(NodeEvents.In | NodeEvents.HangUp);
        _host.Stop();
        Assert.Equal(0, _handle.Available);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref _told) == 2, TimeSpan.FromSeconds(20)));
        Assert.Equal(NodeEvents.Error | NodeEvents.HangUp, _handle.Events);
        Assert.Equal(-Errno.NoDevice, _handle.TryRead(new byte[1]));
        Assert.Equal(-Errno.NoDevice, _handle.TryWrite([1]));
    }

    [Fact]
    public async Task Open_OfAWithdrawnNode_GivesTheErrorNumber()
    {
        UciNode node = _host.Nodes[0];
        _host.Stop();
        var exception = await Assert.ThrowsAsync<NodeException>(
            () => new UciNodeFile(node).OpenAsync(NodeAccess.ReadWrite, this, CancellationToken.None));
        Assert.Equal(Errno.NoDevice, exception.ErrorCode);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        _handle.CloseAsync().GetAwaiter().GetResult();
        _host.Dispose();
        if (_controller.State == MhiControllerState.MissionMode)
        {
            _controller.PowerDown();
        }

        _loop.Dispose();
        _controller.Dispose();
        _modem.Dispose();
    }
}
