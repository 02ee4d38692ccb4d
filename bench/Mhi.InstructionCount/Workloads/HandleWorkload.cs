using System;
using System.Runtime.CompilerServices;
using Mhi.Bench;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Uci;

namespace Mhi.InstructionCount.Workloads;

/// <summary>
/// What <see cref="LoopbackWorkload"/> does with the typed channel, done with a handle of its node: the difference is what the
/// client interface adds.
/// </summary>
internal sealed class HandleWorkload
{
    private readonly UciHandle _handle;
    private readonly MhiController _controller;
    private readonly EmulatedModem _modem;
    private readonly byte[] _packet;
    private readonly byte[] _received;
    private readonly int _burst;

    private HandleWorkload(LoopbackRig rig, int size, int burst)
    {
        _handle = rig.OpenHandle();
        _controller = rig.Controller;
        _modem = rig.Modem;
        _packet = new byte[size];
        _received = new byte[size];
        _burst = burst;
        new Random(size).NextBytes(_packet);
    }

    public static void Run(int packets, int size, int burst)
    {
        using LoopbackRig rig = LoopbackRig.Stepped();
        var workload = new HandleWorkload(rig, size, burst);
        workload.Stream(packets);
        if (!workload._packet.AsSpan().SequenceEqual(workload._received))
        {
            throw new InvalidOperationException("The packet read last is not the packet written.");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Stream(int packets)
    {
        for (int i = 0; i < packets; i += _burst)
        {
            Write();
            PollHost();
            StepDevice();
            PollHost();
            Read();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Write()
    {
        for (int i = 0; i < _burst; i++)
        {
            Expect(_handle.Write(_packet), _packet.Length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Read()
    {
        for (int i = 0; i < _burst; i++)
        {
            Expect(_handle.Read(_received), _packet.Length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PollHost() => _ = _controller.Poll();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StepDevice() => _ = _modem.Poll();

    private static void Expect(int count, int length)
    {
        if (count != length)
        {
            ThrowUnexpected(count, length);
        }
    }

    private static void ThrowUnexpected(int count, int length) =>
        throw new InvalidOperationException($"A packet of {length} bytes came through with {count}; every one must go through whole.");
}
