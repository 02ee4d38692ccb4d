using System.CommandLine;
using Mhi.Gateway.Nodes;
using Mhi.Nodes;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi guard-mount</c>, which <c>mhi nodes</c> starts for itself.</summary>
internal static class GuardMountCommand
{
    internal const string Name = "guard-mount";

    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var path = new Argument<string>("PATH");
        var device = new Argument<string>("DEVICE");
        var command = new Command(Name, "Takes the mount of a server of nodes away when the server has been killed.") { path, device };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            MountGuardian.Run(new NodeMount(parsed.GetRequiredValue(path), parsed.GetRequiredValue(device)));
            return (int)ExitCode.Done;
        });
        return command;
    }
}
