using System.CommandLine;
using Mhi.Gateway.Output;
using Mhi.Gateway.Table;

namespace Mhi.Gateway.Commands;

/// <summary><c>mhi table</c>.</summary>
internal static class TableCommand
{
    /// <summary>Makes the command.</summary>
    /// <returns>The command.</returns>
    internal static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Prints a JSON array." };
        var command = new Command("table", "Prints the match table this program was compiled with.") { json };
        command.SetAction(parsed =>
        {
            StandardStreams.WriteText(parsed.GetValue(json) ? TableJson.Write(ChannelTable.Entries) : TableText.Write(ChannelTable.Entries));
            return (int)ExitCode.Done;
        });
        return command;
    }
}
