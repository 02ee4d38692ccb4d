using System;
using System.Buffers;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Mhi.Endpoint;
using Mhi.Endpoint.Functions;
using Mhi.Interop.Sockets;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Gateway.Endpoint;

/// <summary>Reads the values of the options of <c>mhi endpoint</c>; what is wrong with one is said in a sentence.</summary>
internal static class EndpointValues
{
    /// <summary>In place of a profile: print them all.</summary>
    internal const string List = "list";

    /// <summary>Start in mission mode.</summary>
    internal const string MissionMode = "amss";

    /// <summary>Start in the primary boot loader.</summary>
    internal const string BootLoader = "pbl";

    private const int MaxSocketPath = LocalListener.MaxPath;

    // An hour.
    private const int MaxIdleMilliseconds = 3_600_000;

    /// <summary>A path for a socket.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The path.</returns>
    internal static string? SocketPath(ArgumentResult result)
    {
        string path = result.Tokens[0].Value;
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(path) > MaxSocketPath)
        {
            result.AddError($"--vfio-user needs the path of a socket, at most {MaxSocketPath} bytes; a path relative to the present directory is shorter.");
        }

        return path;
    }

    /// <summary>The name of a profile, or <see cref="List"/>.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The name.</returns>
    internal static string? Profile(ArgumentResult result)
    {
        string id = result.Tokens[0].Value;
        if (id != List && !KnownProfiles.Ids.Contains(id))
        {
            result.AddError($"There is no profile '{id}'; `mhi endpoint --profile list` prints those there are.");
        }

        return id;
    }

    /// <summary>Where the device starts.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns><see cref="MissionMode"/> or <see cref="BootLoader"/>.</returns>
    internal static string Start(ArgumentResult result)
    {
        string start = result.Tokens[0].Value;
        if (start is not (MissionMode or BootLoader))
        {
            result.AddError($"--start must be {MissionMode} or {BootLoader}, not '{start}'.");
        }

        return start;
    }

    /// <summary>The execution environment of a checked start.</summary>
    /// <param name="start">The option's value.</param>
    /// <returns>The environment.</returns>
    internal static ExecutionEnvironment EnvironmentOf(string? start) =>
        start == BootLoader ? ExecutionEnvironment.PrimaryBootLoader : ExecutionEnvironment.Amss;

    /// <summary>SHA-256 of a boot image.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>Its bytes.</returns>
    internal static ImmutableArray<byte> FirmwareHash(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        byte[] hash = new byte[EndpointOptions.FirmwareHashLength];
        if (text.Length != 2 * hash.Length || Convert.FromHexString(text, hash, out _, out _) != OperationStatus.Done)
        {
            result.AddError($"--firmware-sha256 needs {2 * hash.Length} hexadecimal digits, as sha256sum prints them.");
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(hash);
    }

    /// <summary>A time without traffic.</summary>
    /// <param name="result">The option's argument; gets the error.</param>
    /// <returns>The time; null after an error.</returns>
    internal static TimeSpan? IdleTime(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds is >= 1 and <= MaxIdleMilliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        result.AddError($"--idle-time must be a number of milliseconds from 1 to {MaxIdleMilliseconds}, not '{text}'; leave it out for a device that never rests.");
        return null;
    }

    /// <summary>Channels and the functions that answer on them.</summary>
    /// <param name="result">The option's arguments; gets the error.</param>
    /// <returns>Pairs <c>CHANNEL=NAME</c>, checked for their form and the name.</returns>
    internal static string[] Functions(ArgumentResult result)
    {
        string[] pairs = [.. result.Tokens.Select(token => token.Value)];
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                result.AddError($"--function must be CHANNEL=NAME, such as DUN=echo, not '{pair}'.");
            }
            else if (KnownFunctions.Create(pair[(equals + 1)..]) is null)
            {
                result.AddError($"There is no function '{pair[(equals + 1)..]}'; there are {string.Join(", ", KnownFunctions.Names)}.");
            }
        }

        return pairs;
    }

    /// <summary>Makes the functions of checked pairs for a profile.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <param name="profile">The profile.</param>
    /// <returns>Functions by channel.</returns>
    /// <exception cref="GatewayException">The profile has no such channel.</exception>
    internal static Dictionary<string, ChannelFunction> CreateFunctions(string[] pairs, DeviceProfile profile)
    {
        var functions = new Dictionary<string, ChannelFunction>(StringComparer.Ordinal);
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string channel = pair[..equals];
            if (!profile.Channels.Any(entry => entry.Name == channel && entry.Environment == ExecutionEnvironment.Amss))
            {
                IEnumerable<string> names = profile.Channels
                    .Where(entry => entry.Environment == ExecutionEnvironment.Amss)
                    .Select(entry => entry.Name)
                    .Distinct();
                throw new GatewayException(
                    $"{profile.Id} has no channel '{channel}' in mission mode; it has {string.Join(", ", names)}.");
            }

            functions[channel] = KnownFunctions.Create(pair[(equals + 1)..])!;
        }

        return functions;
    }
}
