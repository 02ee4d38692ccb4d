using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Mhi.InstructionCount.Workloads;

namespace Mhi.InstructionCount.Callgrind;

/// <summary>Runs a workload of this program in a process of its own, under callgrind.</summary>
internal static class CallgrindRun
{
    /// <summary>Runs a workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="operations">How often it does its operation.</param>
    /// <returns>What callgrind counted.</returns>
    /// <exception cref="InvalidOperationException">valgrind is missing, or the run failed.</exception>
    public static CallgrindProfile Execute(Workload workload, int operations)
    {
        string path = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("valgrind")
            {
                RedirectStandardError = true,
                ArgumentList =
                {
                    "--quiet",
                    "--tool=callgrind",
                    "--callgrind-out-file=" + path,
                    "--compress-strings=no",
                    "--compress-pos=no",
                    Environment.ProcessPath!,
                    Program.RunCommand,
                    workload.Name,
                    operations.ToString(CultureInfo.InvariantCulture),
                },
            };
            using Process process = Process.Start(start)!;
            string messages = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"{workload.Name} failed under callgrind with exit code {process.ExitCode}. {messages}".TrimEnd());
            }

            return CallgrindProfile.Read(path);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException("valgrind cannot be started. Install it: bench/instructions.sh does.", exception);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
