using System;
using BenchmarkDotNet.Attributes;
using Mhi.Bench;
using Mhi.Channels;

namespace Mhi.Benchmarks;

/// <summary>A packet to the device and back, with the device on a thread of its own.</summary>
/// <remarks>A window of 1 is a conversation, which shows latency; one of 32 is a stream, which shows throughput.</remarks>
public class ThreadedLoopbackBenchmarks
{
    private const int Packets = 1024;

    private LoopbackRig _rig = null!;
    private byte[] _packet = [];
    private byte[] _received = [];

    [Params(64, 1024, 4096)]
    public int Size { get; set; }

    [Params(1, 32)]
    public int Window { get; set; }

    [GlobalSetup(Target = nameof(ClientPolls))]
    public void SetUpTwoThreads() => SetUp(LoopbackRig.WithDeviceThread());

    [GlobalSetup(Target = nameof(EventLoop))]
    public void SetUpThreeThreads() => SetUp(LoopbackRig.WithDeviceAndHostThreads());

    [GlobalCleanup]
    public void CleanUp() => _rig.Dispose();

    /// <summary>Two threads: the device, and a client that polls the controller itself.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Packets)]
    public void ClientPolls()
    {
        int sent = 0;
        for (int received = 0; received < Packets;)
        {
            sent += Send(Math.Min(Packets, received + Window) - sent);
            _ = _rig.Controller.Poll();
            while (_rig.Channel.TryRead(_received, out _) == ChannelStatus.Done)
            {
                received++;
            }
        }
    }

    /// <summary>Three threads: the device, the event loop, and a client that blocks when there is nothing to read.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public void EventLoop()
    {
        int sent = 0;
        for (int received = 0; received < Packets; received++)
        {
            sent += Send(Math.Min(Packets, received + Window) - sent);
            _ = _rig.Channel.Read(_received);
        }
    }

    private void SetUp(LoopbackRig rig)
    {
        _rig = rig;
        _packet = new byte[Size];
        _received = new byte[Size];
        new Random(Size).NextBytes(_packet);
    }

    private int Send(int count)
    {
        int sent = 0;
        while (sent < count && _rig.Channel.TryWrite(_packet) == ChannelStatus.Done)
        {
            sent++;
        }

        return sent;
    }
}
