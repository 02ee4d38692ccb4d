using System.CommandLine;
using Mhi.Gateway.Nodes;
using Mhi.Nodes;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi nodes</c>.</summary>
internal static class NodesCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var options = new Options();
        var command = new Command(
            "nodes",
            "Makes the channels of a device nodes that any program can open, read, write and poll: mhi_<controller>_<channel>. Prints their paths when they work, and serves them until Ctrl-C. Needs root.")
        {
            options.Folder, options.Devices, options.Device.Device, options.Device.Profile, options.Channel, options.Mode, options.Owner,
            options.Group,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(options.Folder) is not null && result.GetResult(options.Devices) is not null)
            {
                result.AddError("--dir and --cuse are two places for the nodes; give one of them.");
            }
        });
        command.SetAction(parsed => (int)NodesRun.Run(options.Request(parsed)));
        return command;
    }

    /// <summary>The options of the command.</summary>
    private sealed class Options
    {
        internal Option<string?> Folder { get; } = new("--dir")
        {
            Description = $"Directory for the nodes, which are files then (FUSE). It is made when it does not exist. Without --dir and --cuse: character devices where the kernel offers CUSE, otherwise {NodesRequest.UsualFolder}.",
            HelpName = "DIR",
            CustomParser = NodesValues.Directory,
        };

        internal Option<bool> Devices { get; } = new("--cuse") { Description = "The nodes are character devices in /dev (CUSE)." };

        internal DeviceOptions Device { get; } = new();

        internal Option<string[]?> Channel { get; } = new("--channel")
        {
            Description = "Channel of channels.json; may be given several times. Default: all that the device has.",
            HelpName = "NAME",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = NodesValues.Channels,
        };

        internal Option<int?> Mode { get; } = new("--mode")
        {
            Description = "Permission bits of the nodes, in octal digits. Default: 0660.",
            HelpName = "BITS",
            CustomParser = NodesValues.Mode,
        };

        internal Option<long?> Owner { get; } = new("--owner")
        {
            Description = "User the nodes belong to, by name or number. Default: root.",
            HelpName = "NAME",
            CustomParser = NodesValues.Owner,
        };

        internal Option<long?> Group { get; } = new("--group")
        {
            Description = "Group the nodes belong to, by name or number. Default: root.",
            HelpName = "NAME",
            CustomParser = NodesValues.Group,
        };

        internal NodesRequest Request(ParseResult parsed)
        {
            string? folder = parsed.GetValue(Folder);
            NodePermissions usual = NodePermissions.Default;
            return new NodesRequest(
                Device.Request(parsed),
                parsed.GetValue(Devices) ? NodesPlace.Devices : folder is null ? NodesPlace.Best : NodesPlace.Directory,
                folder ?? NodesRequest.UsualFolder,
                [.. parsed.GetValue(Channel) ?? []],
                new NodePermissions(
                    (uint?)parsed.GetValue(Mode) ?? usual.Mode, (uint?)parsed.GetValue(Owner) ?? usual.Owner, (uint?)parsed.GetValue(Group) ?? usual.Group));
        }
    }
}
