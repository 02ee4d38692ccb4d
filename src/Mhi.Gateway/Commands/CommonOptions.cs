using System.CommandLine;

namespace Mhi.Gateway.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>Makes the option that names the channel.</summary>
    /// <param name="defaultName">The channel that is taken without it.</param>
    /// <returns>The option.</returns>
    internal static Option<string> Channel(string defaultName) => new("--channel")
    {
        Description = "Channel of channels.json; `mhi table` lists them.",
        HelpName = "NAME",
        DefaultValueFactory = _ => defaultName,
        CustomParser = OptionValues.Channel,
    };
}
