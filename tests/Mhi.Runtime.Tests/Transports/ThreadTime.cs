using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>Time that threads of this process have run, from /proc.</summary>
internal static class ThreadTime
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The threads there are.</summary>
    public static HashSet<string> Threads() => [.. Directory.GetDirectories("/proc/self/task")];

    /// <summary>Sums the time of all threads but some.</summary>
    public static TimeSpan OfAllBut(HashSet<string> others)
    {
        long ticks = 0;
        foreach (string task in Threads())
        {
            try
            {
                if (!others.Contains(task))
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
