using System;
using System.Globalization;
using System.IO;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>Time that threads of this process have run, from /proc.</summary>
internal static class ThreadTime
{
    private const long NanosecondsPerTick = 100;

    /// <summary>Sums the time of all threads whose name begins so.</summary>
    public static TimeSpan OfThreads(string prefix)
    {
        long ticks = 0;
        foreach (string task in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).StartsWith(prefix, StringComparison.Ordinal))
                {
                    string running = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0];
                    ticks += long.Parse(running, CultureInfo.InvariantCulture) / NanosecondsPerTick;
                }
            }
            catch (IOException)
            {
                // The thread has ended meanwhile.
            }
        }

        return new TimeSpan(ticks);
    }
}
