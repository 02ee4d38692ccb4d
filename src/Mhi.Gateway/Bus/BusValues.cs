using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using Mhi.Pci;

namespace Mhi.Gateway.Bus;

/// <summary>Reads the arguments of <c>mhi bind</c> and <c>mhi unbind</c>; what is wrong with one is said in a sentence.</summary>
internal static class BusValues
{
    /// <summary>PCI addresses.</summary>
    /// <param name="result">The arguments; gets the error.</param>
    /// <returns>The addresses.</returns>
    internal static PciAddress[] Addresses(ArgumentResult result)
    {
        List<PciAddress> addresses = [];
        foreach (Token token in result.Tokens)
        {
            if (PciAddress.TryParse(token.Value, out PciAddress address))
            {
                addresses.Add(address);
            }
            else
            {
                result.AddError($"'{token.Value}' is no PCI address, such as 0000:01:00.0; `mhi list` prints those of MHI devices.");
            }
        }

        return [.. addresses];
    }

    /// <summary>The name of a driver.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The name.</returns>
    internal static string Driver(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        bool isName = name.Length is > 0 and <= 64 && name[0] != '.';
        foreach (char letter in name)
        {
            isName &= char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';
        }

        if (!isName)
        {
            result.AddError($"--driver must be the name of a driver, such as {PciDevice.VfioDriver}, not '{name}'.");
        }

        return name;
    }

    /// <summary>The option that has nothing done.</summary>
    /// <returns>The option.</returns>
    internal static Option<bool> DryRun() => new("--dry-run") { Description = "Prints every write as a shell command, and writes nothing. Needs no root." };
}
