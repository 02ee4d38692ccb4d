using System.CommandLine;
using Mhi.Gateway.At;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi at</c>.</summary>
internal static class AtCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        Option<string> channel = CommonOptions.Channel("DUN");
        var device = new DeviceOptions();
        var command = new Command(
            "at",
            "Talks to the AT command port of a modem. At a terminal: a prompt, Ctrl-D ends. Otherwise the lines of standard input are sent one by one, each when the one before has been answered; an ERROR of the modem is an answer, too.")
        {
            channel, device.Device, device.Profile,
        };
        command.SetAction(parsed =>
        {
            _ = ChannelTable.TryInvoke(parsed.GetRequiredValue(channel), new AtRun(device.Request(parsed)), out ExitCode result);
            return (int)result;
        });
        return command;
    }
}
