using System;
using System.Diagnostics;
using System.Globalization;
using Mhi.Controller;

namespace Mhi.Gateway.Doctor;

/// <summary>Sends packets through a channel that echoes them, one at a time, until an interrupt has told of one.</summary>
/// <param name="controller">A controller in mission mode.</param>
/// <param name="loop">Polls it.</param>
/// <param name="vector">The vector that tells of the echo.</param>
/// <param name="times">How long things may take.</param>
internal sealed class EchoProbe(MhiController controller, MhiEventLoop loop, int vector, ProbeTimes times)
{
    private const int PacketLength = 1024;
    private const int FewestPackets = 16;

    /// <summary>Runs the probe.</summary>
    /// <returns>What it found.</returns>
    internal Finding Run()
    {
        LoopbackChannel channel;
        try
        {
            channel = LoopbackChannel.Open(controller);
        }
        catch (MhiException exception)
        {
            return Obstacles.OfChannel(ProbeSteps.Open, exception);
        }

        using (channel)
        {
            try
            {
                return Exchange(channel, Math.Min(PacketLength, LoopbackChannel.Mtu));
            }
            catch (MhiException exception)
            {
                return Obstacles.OfChannel(ProbeSteps.RoundTrip, exception);
            }
            catch (TimeoutException)
            {
                return Finding.NoData(
                    ProbeSteps.RoundTrip,
                    string.Create(CultureInfo.InvariantCulture, $"No echo came within {times.Answer.TotalSeconds:0.###} s."),
                    $"The device took the channel {channel.Name}, but sends nothing back on it.",
                    "Look for IOMMU faults in the kernel log, run the walk again, then power-cycle the device.");
            }
        }
    }

    private Finding Exchange(LoopbackChannel channel, int length)
    {
        byte[] sent = new byte[length];
        byte[] echo = new byte[length];
        TimeSpan fastest = TimeSpan.MaxValue;
        long start = Stopwatch.GetTimestamp();
        int packets = 0;
        while (packets == 0
            || ((packets < FewestPackets || loop.CountInterrupts(vector) == 0) && Stopwatch.GetElapsedTime(start) < times.Echo))
        {
            packets++;
            new Random(packets).NextBytes(sent);
            long begin = Stopwatch.GetTimestamp();
            _ = channel.Write(sent, times.Answer);
            int got = 0;
            while (got < length)
            {
                got += channel.Read(echo.AsSpan(got), times.Answer);
            }

            TimeSpan took = Stopwatch.GetElapsedTime(begin);
            fastest = took < fastest ? took : fastest;
            if (!echo.AsSpan().SequenceEqual(sent))
            {
                return Finding.NoData(
                    ProbeSteps.RoundTrip,
                    string.Create(CultureInfo.InvariantCulture, $"Packet {packets} came back changed, at byte {echo.AsSpan().CommonPrefixLength(sent)} of {length}."),
                    "The device, or something between it and memory, damages data.",
                    "Run `mhi loopback` for longer; if it happens again, suspect memory, IOMMU or firmware.");
            }
        }

        return Finding.Ok(
            ProbeSteps.RoundTrip,
            string.Create(
                CultureInfo.InvariantCulture, $"{packets} packets of {length} bytes came back unchanged, the fastest in {fastest.TotalMicroseconds:0} us"));
    }
}
