using System;
using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Mhi.Endpoint;
using Mhi.Endpoint.Functions;
using Mhi.Gateway.Endpoint;
using Mhi.Gateway.Output;
using Mhi.Profiles;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi endpoint</c>.</summary>
internal static class EndpointCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var options = new Options();
        var command = new Command(
            "endpoint",
            "Offers an emulated modem as a PCI function: QEMU attaches it with vfio-user-pci. Serves one virtual machine after the other until Ctrl-C.")
        {
            options.Socket, options.Profile, options.Function, options.Start, options.FirmwareHash, options.IdleTime, options.NoMask, options.Log, options.Once,
        };
        command.Validators.Add(result =>
        {
            // Tokens, not values: a value that is wrong has an error of its own, and cannot be had.
            bool lists = result.GetResult(options.Profile) is { Tokens: [{ Value: EndpointValues.List }] };
            if (!lists && result.GetResult(options.Socket) is null)
            {
                result.AddError("Say where: --vfio-user PATH, the socket that QEMU is given.");
            }

            if (result.GetResult(options.FirmwareHash) is not null && result.GetResult(options.Start) is not { Tokens: [{ Value: EndpointValues.BootLoader }] })
            {
                result.AddError("--firmware-sha256 needs --start pbl: a device in mission mode downloads no image.");
            }
        });
        command.SetAction(parsed => (int)Run(parsed, options));
        return command;
    }

    private static ExitCode Run(ParseResult parsed, Options options)
    {
        string id = parsed.GetRequiredValue(options.Profile)!;
        if (!KnownProfiles.TryFind(id, out DeviceProfile? profile))
        {
            var text = new StringBuilder();
            foreach (string known in KnownProfiles.Ids)
            {
                text.Append(known).Append('\n');
            }

            StandardStreams.WriteText(text.ToString());
            return ExitCode.Done;
        }

        return EndpointRun.Run(new EndpointRequest(
            parsed.GetValue(options.Socket)!,
            profile,
            EndpointValues.CreateFunctions(parsed.GetValue(options.Function) ?? [], profile),
            new EndpointOptions
            {
                StartEnvironment = EndpointValues.EnvironmentOf(parsed.GetValue(options.Start)),
                FirmwareSha256 = parsed.GetValue(options.FirmwareHash),
                IdleTime = parsed.GetValue(options.IdleTime),
            },
            parsed.GetValue(options.Log),
            !parsed.GetValue(options.NoMask),
            parsed.GetValue(options.Once)));
    }

    /// <summary>The options of the command.</summary>
    private sealed class Options
    {
        internal Option<string?> Socket { get; } = new("--vfio-user")
        {
            Description = "Socket at which QEMU finds the device. It is made, and removed at the end.",
            HelpName = "PATH",
            CustomParser = EndpointValues.SocketPath,
        };

        internal Option<string?> Profile { get; } = new("--profile")
        {
            Description = $"Which modem it is; {EndpointValues.List} prints them.",
            HelpName = "ID",
            DefaultValueFactory = _ => KnownProfiles.FoxconnT99W175.Id,
            CustomParser = EndpointValues.Profile,
        };

        internal Option<string[]?> Function { get; } = new("--function")
        {
            Description = $"What answers on a channel, in place of the usual: {string.Join(", ", KnownFunctions.Names)}. May be given several times.",
            HelpName = "CHANNEL=NAME",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = EndpointValues.Functions,
        };

        internal Option<string?> Start { get; } = new("--start")
        {
            Description = $"Where the device starts: {EndpointValues.MissionMode}, in mission mode, or {EndpointValues.BootLoader}, where the host downloads an image first.",
            HelpName = $"{EndpointValues.MissionMode}|{EndpointValues.BootLoader}",
            DefaultValueFactory = _ => EndpointValues.MissionMode,
            CustomParser = EndpointValues.Start,
        };

        internal Option<ImmutableArray<byte>> FirmwareHash { get; } = new("--firmware-sha256")
        {
            Description = "The only image the device takes; any by default.",
            HelpName = "HEX",
            CustomParser = EndpointValues.FirmwareHash,
        };

        internal Option<TimeSpan?> IdleTime { get; } = new("--idle-time")
        {
            Description = "How long nothing must happen before the device offers low power by itself (M1); by default it never does.",
            HelpName = "MILLISECONDS",
            CustomParser = EndpointValues.IdleTime,
        };

        internal Option<bool> NoMask { get; } = new("--no-msi-mask") { Description = "The MSI capability has no mask bits." };

        internal Option<string?> Log { get; } = new("--log")
        {
            Description = "Writes down every step of the protocol, one JSON object per line; - for standard output.",
            HelpName = "FILE",
            CustomParser = OptionValues.File,
        };

        internal Option<bool> Once { get; } = new("--once") { Description = "Ends when the first virtual machine has gone." };
    }
}
