using System;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mhi.Channels;
using Mhi.Controller;

namespace Mhi.Gateway.Doctor;

/// <summary>Sends the AT command that does nothing, and waits for its answer.</summary>
/// <param name="controller">A controller in mission mode.</param>
/// <param name="times">How long things may take.</param>
internal readonly struct AtProbe(MhiController controller, ProbeTimes times) : IChannelAction<Finding>
{
    /// <inheritdoc/>
    public Finding Invoke<TDefinition>()
        where TDefinition : struct, IChannelDefinition
    {
        MhiDuplexChannel<TDefinition> channel;
        try
        {
            channel = ChannelConnection.Open<TDefinition>(controller).AsDuplex<TDefinition>();
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
                    $"The device took the channel {TDefinition.Name}, but no command interpreter answers behind it.",
                    "Wait until the modem has finished booting and run the walk again; then power-cycle the device.");
            }
        }
    }

    private Finding Ask<TDefinition>(MhiDuplexChannel<TDefinition> channel, StringBuilder heard)
        where TDefinition : struct, IChannelDefinition
    {
        long start = Stopwatch.GetTimestamp();
        byte[] characters = new byte[TDefinition.Mtu];
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
