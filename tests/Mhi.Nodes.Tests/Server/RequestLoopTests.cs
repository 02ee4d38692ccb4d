using System;
using System.Collections.Generic;
using System.Threading;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;
using Mhi.Nodes.Tests.Infrastructure;
using Mhi.Nodes.Transport;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class RequestLoopTests
{
    private const int BufferLength = 0x1000;
    private const Opcode Unknown = (Opcode)4000;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    public void Loop_WithOneProgram_HasOneThreadSleepInTheKernel(int threads)
    {
        var desk = new Desk();
        RequestLoop loop = RequestLoop.Start(desk.Kernel, desk.Dispatcher, desk.Faults, threads, BufferLength);
        for (int i = 0; i < 1000; i++)
        {
            ulong unique = desk.NextUnique();
            desk.Kernel.Ask(Request.Make(Unknown, unique, desk.Node.Id, []));
            Assert.Equal(Errno.NoSystemCall, desk.TakeError(unique));
        }

        desk.Kernel.Stop();
        loop.Join();
        Assert.Equal(1, desk.Kernel.MostSleeping);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Loop_WithAQueueThatDoesNotGetEmpty_HasAllThreadsWork(int threads)
    {
        using var device = new EndlessDevice();
        var dispatcher = new RequestDispatcher(device, new NodeTree(), new HandleCloser(new ServerFaults()), new ServerFaults());
        RequestLoop loop = RequestLoop.Start(device, dispatcher, new ServerFaults(), threads, BufferLength);
        bool all = SpinWait.SpinUntil(() => device.Threads == threads, s_limit);
        device.Stop();
        loop.Join();
        Assert.True(all, "Some thread was never called.");
    }

    [Fact]
    public void Loop_WhoseConnectionEnds_EndsThreadsThatSleep()
    {
        for (int i = 0; i < 200; i++)
        {
            var kernel = new FakeKernel();
            var dispatcher = new RequestDispatcher(kernel, new NodeTree(), new HandleCloser(new ServerFaults()), new ServerFaults());
            RequestLoop loop = RequestLoop.Start(kernel, dispatcher, new ServerFaults(), threads: 4, BufferLength);
            Assert.False(loop.Wait(TimeSpan.Zero));
            kernel.Stop();
            Assert.True(loop.Wait(s_limit), "A thread sleeps on.");
        }
    }

    [Fact]
    public void Loop_WhoseReadFailsForLackOfMemory_SaysSoAndGoesOn()
    {
        var desk = new Desk();
        RequestLoop loop = RequestLoop.Start(desk.Kernel, desk.Dispatcher, desk.Faults, threads: 1, BufferLength);
        desk.Kernel.FailRead(Errno.NoMemory);
        ulong unique = desk.NextUnique();
        desk.Kernel.Ask(Request.Make(Unknown, unique, desk.Node.Id, []));
        Assert.Equal(Errno.NoSystemCall, desk.TakeError(unique));
        Assert.Equal(Errno.NoMemory, Assert.IsType<NodeException>(desk.Faults.First).ErrorCode);
        desk.Kernel.Stop();
        Assert.True(loop.Wait(s_limit));
    }

    [Fact]
    public void Loop_WhoseReadFailsForGood_SaysSoAndEnds()
    {
        var desk = new Desk();
        RequestLoop loop = RequestLoop.Start(desk.Kernel, desk.Dispatcher, desk.Faults, threads: 2, BufferLength);
        desk.Kernel.FailRead(Errno.Invalid);
        Assert.True(loop.Wait(s_limit));
        Assert.Equal(Errno.Invalid, Assert.IsType<NodeException>(desk.Faults.First).ErrorCode);
    }

    /// <summary>A connection on which a request always waits.</summary>
    private sealed class EndlessDevice : FuseDevice
    {
        private readonly Lock _lock = new();
        private readonly HashSet<int> _threads = [];
        private ulong _unique;
        private bool _isStopped;

        /// <summary>How many threads have answered.</summary>
        public int Threads
        {
            get
            {
                lock (_lock)
                {
                    return _threads.Count;
                }
            }
        }

        public override void Dispose() => Stop();

        internal override int Read(Span<byte> buffer)
        {
            lock (_lock)
            {
                if (_isStopped)
                {
                    return -Errno.NoDevice;
                }

                byte[] request = Request.Make(Unknown, _unique += 2, Wire.RootNode, []);
                request.CopyTo(buffer);
                return request.Length;
            }
        }

        internal override int Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
        {
            lock (_lock)
            {
                _ = _threads.Add(Environment.CurrentManagedThreadId);
                return head.Length + body.Length;
            }
        }

        internal override bool WaitForRequest() => !_isStopped;

        internal override void Stop()
        {
            lock (_lock)
            {
                _isStopped = true;
            }
        }
    }
}
