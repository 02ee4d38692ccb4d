using System;
using System.Globalization;
using System.IO;

namespace Mhi.Nodes;

/// <summary>
/// The time after which the kernel drops a server that has not answered a request. An administrator can set it; a program
/// that waits in a read for longer would then lose the mount.
/// </summary>
public static class KernelRequestTimeout
{
    private const string Folder = "/proc/sys/fs/fuse";

    /// <summary>Reads what the kernel is set to.</summary>
    /// <returns>The time; null when there is none, as usual.</returns>
    public static TimeSpan? Read() => Read(Folder);

    /// <summary>What to tell the user.</summary>
    /// <param name="timeout">The time.</param>
    /// <returns>One sentence.</returns>
    public static string Warning(TimeSpan timeout) =>
        $"The kernel gives FUSE servers {timeout.TotalSeconds:0} s to answer, so a blocked read or write ends with EAGAIN before that; set {Folder}/default_request_timeout and {Folder}/max_request_timeout to 0 to have it wait.";

    /// <summary>Reads what the kernel is set to.</summary>
    /// <param name="folder">Where its settings are.</param>
    /// <returns>The time; null when there is none.</returns>
    internal static TimeSpan? Read(string folder)
    {
        long normal = ReadSeconds(Path.Combine(folder, "default_request_timeout"));
        long longest = ReadSeconds(Path.Combine(folder, "max_request_timeout"));
        long seconds = normal == 0 || (longest != 0 && longest < normal) ? longest : normal;
        return seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
    }

    private static long ReadSeconds(string path)
    {
        try
        {
            // Older kernels have no such file, and no such time.
            return File.Exists(path)
                && long.TryParse(File.ReadAllText(path).AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
                && seconds is > 0 and <= int.MaxValue
                    ? seconds
                    : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
