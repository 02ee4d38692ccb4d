using System;
using System.CommandLine.Parsing;
using System.Linq;
using Mhi.Gateway.Commands;
using Mhi.Interop.Files;

namespace Mhi.Gateway.Nodes;

/// <summary>Reads the values of the options of <c>mhi nodes</c>; what is wrong with one is said in a sentence.</summary>
internal static class NodesValues
{
    private const uint MaxMode = 0x1ff; // 0777

    /// <summary>Permission bits in octal digits.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The bits; null after an error.</returns>
    internal static uint? Mode(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text.Length is > 0 and <= 4 && !text.AsSpan().ContainsAnyExceptInRange('0', '7') && Convert.ToUInt32(text, 8) is var mode and <= MaxMode)
        {
            return mode;
        }

        result.AddError($"--mode must be permission bits in octal digits, such as 0660, not '{text}'.");
        return null;
    }

    /// <summary>A user, by name or number.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The number; null after an error.</returns>
    internal static uint? Owner(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (uint.TryParse(name, out uint id) || Accounts.TryFindUser(name, out id))
        {
            return id;
        }

        result.AddError($"There is no user '{name}'; `getent passwd` lists those there are.");
        return null;
    }

    /// <summary>A group, by name or number.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The number; null after an error.</returns>
    internal static uint? Group(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (uint.TryParse(name, out uint id) || Accounts.TryFindGroup(name, out id))
        {
            return id;
        }

        result.AddError($"There is no group '{name}'; `getent group` lists those there are.");
        return null;
    }

    /// <summary>A directory.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>Its path.</returns>
    internal static string? Directory(ArgumentResult result)
    {
        string path = result.Tokens[0].Value;
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            result.AddError("--dir needs the path of a directory, such as /run/mhi; it is made when it does not exist.");
        }

        return path;
    }

    /// <summary>Names of channels of the match table.</summary>
    /// <param name="result">The option's arguments; gets the error.</param>
    /// <returns>The names.</returns>
    internal static string[] Channels(ArgumentResult result)
    {
        string[] names = [.. result.Tokens.Select(token => token.Value).Distinct()];
        foreach (string name in names)
        {
            OptionValues.CheckChannel(result, name);
        }

        return names;
    }
}
