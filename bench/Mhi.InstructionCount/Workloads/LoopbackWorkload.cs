using System;
using System.Runtime.CompilerServices;
using Mhi.Bench;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint;

namespace Mhi.InstructionCount.Workloads;

/// <summary>
/// Packets through LOOPBACK, host and device stepped by one thread: a burst is written, the controller polled, the device
/// stepped, the controller polled again, the burst read.
/// </summary>
/// <remarks>Each phase is a method that is never inlined: callgrind then gives the cost of the phase with all it calls.</remarks>
internal sealed class LoopbackWorkload
{
    private readonly LoopbackChannel _channel;
    private readonly MhiController _controller;
    private readonly EmulatedModem _modem;
    private readonly byte[] _packet;
    private readonly byte[] _received;
    private readonly int _burst;

    private LoopbackWorkload(LoopbackRig rig, int size, int burst)
    {
        _channel = rig.Channel;
        _controller = rig.Controller;
        _modem = rig.Modem;
        _packet = new byte[size];
        _received = new byte[size];
        _burst = burst;
        new Random(size).NextBytes(_packet);
    }

    public static void RunCopied(int packets, int size, int burst)
    {
        using LoopbackRig rig = LoopbackRig.Stepped();
        var workload = new LoopbackWorkload(rig, size, burst);
        workload.StreamCopied(packets);
        if (!workload._packet.AsSpan().SequenceEqual(workload._received))
        {
            throw new InvalidOperationException("The packet read last is not the packet written.");
        }
    }

    public static void RunLeased(int packets, int size, int burst)
    {
        using LoopbackRig rig = LoopbackRig.Stepped();
        new LoopbackWorkload(rig, size, burst).StreamLeased(packets);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StreamCopied(int packets)
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
    private void StreamLeased(int packets)
    {
        for (int i = 0; i < packets; i += _burst)
        {
            RentAndCommit();
            PollHost();
            StepDevice();
            PollHost();
            Receive();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Write()
    {
        for (int i = 0; i < _burst; i++)
        {
            Expect(_channel.TryWrite(_packet));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Read()
    {
        for (int i = 0; i < _burst; i++)
        {
            Expect(_channel.TryRead(_received, out _));
        }
    }

    // A program that needs no copy writes its packet into the buffer; what it writes is not the stack's cost.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RentAndCommit()
    {
        for (int i = 0; i < _burst; i++)
        {
            Expect(_channel.TryRent(out UplinkBuffer buffer));
            Expect(buffer.Commit(_packet.Length));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Receive()
    {
        for (int i = 0; i < _burst; i++)
        {
            Expect(_channel.TryReceive(out ReceivedPacket packet));
            packet.Dispose();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void PollHost() => _ = _controller.Poll();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StepDevice() => _ = _modem.Poll();

    private static void Expect(ChannelStatus status)
    {
        if (status != ChannelStatus.Done)
        {
            ThrowUnexpected(status);
        }
    }

    private static void ThrowUnexpected(ChannelStatus status) =>
        throw new InvalidOperationException($"A packet of the burst came out as {status}; every one must go through in its turn.");
}
