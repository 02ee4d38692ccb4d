using System;
using BenchmarkDotNet.Attributes;
using Mhi.Bench;
using Mhi.Channels;

namespace Mhi.Benchmarks;

/// <summary>
/// A packet to the device and back; host and device stepped by the one thread there is: no hand-over between processors, so
/// the cost of the work alone.
/// </summary>
public class SteppedLoopbackBenchmarks
{
    private const int Packets = 1024;

    private LoopbackRig _rig = null!;
    private byte[] _packet = [];
    private byte[] _received = [];

    [Params(64, 1024, 4096)]
    public int Size { get; set; }

    [Params(1, 32)]
    public int Burst { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _rig = LoopbackRig.Stepped();
        _packet = new byte[Size];
        _received = new byte[Size];
        new Random(Size).NextBytes(_packet);
    }

    [GlobalCleanup]
    public void CleanUp() => _rig.Dispose();

    /// <summary>Write, poll, step the device, poll, read.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Packets)]
    public void Copied()
    {
        for (int i = 0; i < Packets; i += Burst)
        {
            for (int n = 0; n < Burst; n++)
            {
                Expect(_rig.Channel.TryWrite(_packet));
            }

            ThereAndBack();
            for (int n = 0; n < Burst; n++)
            {
                Expect(_rig.Channel.TryRead(_received, out _));
            }
        }
    }

    /// <summary>Rent, commit, poll, step the device, poll, receive; the packet's bytes are left alone.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public void ZeroCopy()
    {
        for (int i = 0; i < Packets; i += Burst)
        {
            for (int n = 0; n < Burst; n++)
            {
                Expect(_rig.Channel.TryRent(out UplinkBuffer buffer));
                Expect(buffer.Commit(Size));
            }

            ThereAndBack();
            for (int n = 0; n < Burst; n++)
            {
                Expect(_rig.Channel.TryReceive(out ReceivedPacket packet));
                packet.Dispose();
            }
        }
    }

    /// <summary>What of <see cref="Copied"/> is copying: into the pool, to the device, back, out of the pool.</summary>
    [Benchmark(OperationsPerInvoke = Packets)]
    public void CopiesAlone()
    {
        for (int i = 0; i < Packets; i++)
        {
            _packet.AsSpan().CopyTo(_received);
            _packet.AsSpan().CopyTo(_received);
            _packet.AsSpan().CopyTo(_received);
            _packet.AsSpan().CopyTo(_received);
        }
    }

    private void ThereAndBack()
    {
        _ = _rig.Controller.Poll();
        _ = _rig.Modem.Poll();
        _ = _rig.Controller.Poll();
    }

    private static void Expect(ChannelStatus status)
    {
        if (status != ChannelStatus.Done)
        {
            throw new InvalidOperationException($"A packet of the burst came out as {status}; every one must go through in its turn.");
        }
    }
}
