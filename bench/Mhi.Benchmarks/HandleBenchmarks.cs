using System;
using BenchmarkDotNet.Attributes;
using Mhi.Bench;
using Mhi.Channels;
using Mhi.Uci;

namespace Mhi.Benchmarks;

/// <summary>
/// A packet of 64 bytes to the device and back, through a typed channel and through a handle of the channel's node; host and
/// device stepped by the one thread there is.
/// </summary>
public class HandleBenchmarks
{
    private const int Packets = 1024;
    private const int Size = 64;

    private readonly byte[] _packet = new byte[Size];
    private readonly byte[] _received = new byte[Size];
    private LoopbackRig _rig = null!;
    private UciHandle _handle = null!;

    [Params(1, 32)]
    public int Burst { get; set; }

    [GlobalSetup(Target = nameof(Channel))]
    public void SetUpChannel() => _rig = LoopbackRig.Stepped();

    [GlobalSetup(Target = nameof(Handle))]
    public void SetUpHandle()
    {
        _rig = LoopbackRig.Stepped();
        _handle = _rig.OpenHandle();
    }

    [GlobalCleanup]
    public void CleanUp() => _rig.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Packets)]
    public void Channel()
    {
        for (int i = 0; i < Packets; i += Burst)
        {
            for (int n = 0; n < Burst; n++)
            {
                Expect(_rig.Channel.TryWrite(_packet) == ChannelStatus.Done);
            }

            ThereAndBack();
            for (int n = 0; n < Burst; n++)
            {
                Expect(_rig.Channel.TryRead(_received, out _) == ChannelStatus.Done);
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Packets)]
    public void Handle()
    {
        for (int i = 0; i < Packets; i += Burst)
        {
            for (int n = 0; n < Burst; n++)
            {
                Expect(_handle.Write(_packet) == Size);
            }

            ThereAndBack();
            for (int n = 0; n < Burst; n++)
            {
                Expect(_handle.Read(_received) == Size);
            }
        }
    }

    private void ThereAndBack()
    {
        _ = _rig.Controller.Poll();
        _ = _rig.Modem.Poll();
        _ = _rig.Controller.Poll();
    }

    private static void Expect(bool isDone)
    {
        if (!isDone)
        {
            throw new InvalidOperationException("A packet of the burst did not go through; every one must in its turn.");
        }
    }
}
