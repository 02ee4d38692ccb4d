using System;
using System.CommandLine;
using Mhi.Gateway.Loopback;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi loopback</c>.</summary>
internal static class LoopbackCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var options = new Options();
        var command = new Command(
            "loopback",
            "Streams data through a channel that echoes it, and compares both sides. Without options: one second of generated data through LOOPBACK.")
        {
            options.Channel, options.Input, options.Output, options.Size, options.Count, options.Window, options.Duration,
            options.Device.Device, options.Device.Profile, options.Node, options.Json, options.Quiet,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(options.Json) && result.GetValue(options.Output) == "-")
            {
                result.AddError("--json and --out - both want standard output; give --out a file.");
            }

            if (result.GetResult(options.Node) is not null
                && (result.GetResult(options.Channel) is { Implicit: false }
                    || result.GetResult(options.Device.Device) is { Implicit: false }
                    || result.GetResult(options.Device.Profile) is not null))
            {
                result.AddError("--node names the channel and the device in one; leave out --channel, --device and --profile.");
            }
        });
        command.SetAction(parsed => (int)Run(options.Request(parsed)));
        return command;
    }

    private static ExitCode Run(LoopbackRequest request)
    {
        if (request.Node is { } node)
        {
            return new NodeLoopbackRun(request, node).Run();
        }

        _ = ChannelTable.TryInvoke(request.Channel, new LoopbackRun(request), out ExitCode result);
        return result;
    }

    /// <summary>The options of the command.</summary>
    private sealed class Options
    {
        internal Option<string> Channel { get; } = CommonOptions.Channel("LOOPBACK");

        internal Option<string?> Input { get; } = new("--in")
        {
            Description = "File to send, - for standard input. Without it, generated data is sent.",
            HelpName = "FILE",
            CustomParser = OptionValues.File,
        };

        internal Option<string?> Output { get; } = new("--out")
        {
            Description = "File for the echo, - for standard output; the summary then goes to standard error.",
            HelpName = "FILE",
            CustomParser = OptionValues.File,
        };

        internal Option<int?> Size { get; } = new("--size")
        {
            Description = "Bytes per packet, 1 to 65535; more than the MTU takes several descriptors. Default: the channel's MTU. The last packet of an input may be shorter.",
            HelpName = "BYTES",
            CustomParser = OptionValues.PacketSize,
        };

        internal Option<long?> Count { get; } = new("--count")
        {
            Description = "Ends after so many packets.",
            HelpName = "N",
            CustomParser = OptionValues.PacketCount,
        };

        internal Option<int?> Window { get; } = new("--window")
        {
            Description = $"Packets under way at a time, 1 to {FlightLog.LargestWindow}; with 1, the latency is that of a round trip. Default: as many as the channel takes.",
            HelpName = "N",
            CustomParser = OptionValues.Window,
        };

        internal Option<TimeSpan?> Duration { get; } = new("--duration")
        {
            Description = "Ends after so many seconds.",
            HelpName = "S",
            CustomParser = OptionValues.Duration,
        };

        internal DeviceOptions Device { get; } = new();

        internal Option<string?> Node { get; } = new("--node")
        {
            Description = "Device node to run through, made by any driver, such as /dev/mhi_0000:01:00.0_LOOPBACK; in place of --channel and --device.",
            HelpName = "PATH",
            CustomParser = OptionValues.File,
        };

        internal Option<bool> Json { get; } = new("--json") { Description = "Prints the result as one JSON object. Not together with --out -." };

        internal Option<bool> Quiet { get; } = new("--quiet") { Description = "Shows neither progress nor summary; the exit code tells." };

        internal LoopbackRequest Request(ParseResult parsed) => new(
            parsed.GetRequiredValue(Channel),
            Device.Request(parsed),
            parsed.GetValue(Input),
            parsed.GetValue(Output),
            parsed.GetValue(Size),
            parsed.GetValue(Count),
            parsed.GetValue(Duration),
            parsed.GetValue(Json),
            parsed.GetValue(Quiet),
            parsed.GetValue(Node),
            parsed.GetValue(Window));
    }
}
