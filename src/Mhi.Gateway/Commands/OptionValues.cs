using System;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Mhi.Channels;
using Mhi.Gateway.Devices;
using Mhi.Gateway.Loopback;
using Mhi.Profiles;

namespace Mhi.Gateway.Commands;

/// <summary>Reads the values of options; what is wrong with one is said in a sentence.</summary>
internal static class OptionValues
{
    /// <summary>Longest packet: the length field of a transfer element has 16 bits.</summary>
    internal const int MaxPacketSize = 0xffff;

    private const double MaxSeconds = 1_000_000;

    /// <summary>A packet size in bytes.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>1 to 65535; null after an error.</returns>
    internal static int? PacketSize(ArgumentResult result)
    {
        string text = Text(result);
        if (TryParseInteger(text, out long size) && size is >= 1 and <= MaxPacketSize)
        {
            return (int)size;
        }

        result.AddError($"--size must be a number of bytes from 1 to {MaxPacketSize}, not '{text}'.");
        return null;
    }

    /// <summary>A number of packets.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>At least 1; null after an error.</returns>
    internal static long? PacketCount(ArgumentResult result)
    {
        string text = Text(result);
        if (TryParseInteger(text, out long count) && count >= 1)
        {
            return count;
        }

        result.AddError($"--count must be a number of packets, at least 1, not '{text}'.");
        return null;
    }

    /// <summary>A number of packets under way.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>At least 1; null after an error.</returns>
    internal static int? Window(ArgumentResult result)
    {
        string text = Text(result);
        if (TryParseInteger(text, out long count) && count is >= 1 and <= FlightLog.LargestWindow)
        {
            return (int)count;
        }

        result.AddError($"--window must be a number of packets from 1 to {FlightLog.LargestWindow}, not '{text}'.");
        return null;
    }

    /// <summary>A time in seconds.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>More than zero; null after an error.</returns>
    internal static TimeSpan? Duration(ArgumentResult result)
    {
        string text = Text(result);
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds is > 0 and <= MaxSeconds
            && TimeSpan.FromSeconds(seconds) is var duration && duration > TimeSpan.Zero)
        {
            return duration;
        }

        result.AddError($"--duration must be a number of seconds above 0 and up to {MaxSeconds:0}, such as 2.5, not '{text}'.");
        return null;
    }

    /// <summary>The name of a channel of the match table.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The name.</returns>
    internal static string Channel(ArgumentResult result)
    {
        string name = Text(result);
        CheckChannel(result, name);
        return name;
    }

    /// <summary>Checks the name of a channel of the match table.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <param name="name">The name.</param>
    internal static void CheckChannel(ArgumentResult result, string name)
    {
        if (!ChannelTable.TryFind(name, out _))
        {
            result.AddError($"There is no channel '{name}' in channels.json; it has {KnownChannels()}.");
        }
    }

    /// <summary>Where a device is.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>Its address.</returns>
    internal static DeviceAddress? Device(ArgumentResult result)
    {
        if (!DeviceAddress.TryParse(Text(result), out DeviceAddress? address, out string? error))
        {
            result.AddError(error);
        }

        return address;
    }

    /// <summary>The name of a profile.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The name.</returns>
    internal static string Profile(ArgumentResult result)
    {
        string id = Text(result);
        if (!KnownProfiles.Ids.Contains(id))
        {
            result.AddError($"There is no profile '{id}'; `mhi endpoint --profile list` prints those there are.");
        }

        return id;
    }

    /// <summary>The name of a file, or <c>-</c>.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The name.</returns>
    internal static string? File(ArgumentResult result)
    {
        string path = Text(result);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            result.AddError($"{OptionName(result)} needs the name of a file, or - for the standard stream.");
        }

        return path;
    }

    private static string Text(ArgumentResult result) => result.Tokens[0].Value;

    private static string OptionName(ArgumentResult result) =>
        result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;

    private static bool TryParseInteger(string text, out long value) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static string KnownChannels()
    {
        var names = new StringBuilder();
        foreach (ref readonly ChannelTableEntry entry in ChannelTable.Entries)
        {
            names.Append(names.Length == 0 ? "" : ", ").Append(entry.Name);
        }

        return names.ToString();
    }
}
