using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mhi.Controller;

namespace Mhi.Gateway.Doctor;

/// <summary>Sends the AT command that does nothing, and waits for its answer.</summary>
/// <param name="controller">A controller in mission mode.</param>
/// <param name="times">How long things may take.</param>
internal sealed class AtProbe(MhiController controller, ProbeTimes times)
{
    /// <summary>Runs the probe.</summary>
    /// <returns>What it found.</returns>
    internal Finding Run()
    {
        DunChannel channel;
        try
        {
            channel = DunChannel.Open(controller);
        }
        catch (MhiException exception)
        {
            return Obstacles.OfChannel(ProbeSteps.Open, exception);
        }

        var heard = new StringBuilder();
        using (channel)
        {
            try
            {
                return Ask(channel, heard);
            }
            catch (MhiException exception)
            {
                return Obstacles.OfChannel(ProbeSteps.Command, exception);
            }
            catch (TimeoutException)
            {
                return Finding.NoData(
                    ProbeSteps.Command,
                    heard.Length == 0
                        ? string.Create(CultureInfo.InvariantCulture, $"AT was not answered within {times.Answer.TotalSeconds:0.###} s.")
                        : string.Create(CultureInfo.InvariantCulture, $"AT was not answered with OK within {times.Answer.TotalSeconds:0.###} s, only with '{OneLine(heard)}'."),
                    $"The device took the channel {channel.Name}, but no command interpreter answers behind it.",
                    "Wait until the modem has finished booting and run the walk again; then power-cycle the device.");
            }
        }
    }

    private Finding Ask(DunChannel channel, StringBuilder heard)
    {
        long start = Stopwatch.GetTimestamp();
        byte[] characters = new byte[DunChannel.Mtu];
        _ = channel.Write("AT\r"u8, times.Answer);
        while (!heard.ToString().Contains("OK\r", StringComparison.Ordinal))
        {
            TimeSpan left = times.Answer - Stopwatch.GetElapsedTime(start);
            int count = left > TimeSpan.Zero ? channel.Read(characters, left) : throw new TimeoutException();
            heard.Append(Encoding.Latin1.GetString(characters, 0, count));
        }

        return Finding.Ok(ProbeSteps.Command, $"AT was answered with '{OneLine(heard)}'");
    }

    private static string OneLine(StringBuilder heard) =>
        string.Join(' ', heard.ToString().Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
