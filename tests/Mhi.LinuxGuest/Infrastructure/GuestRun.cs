using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A boot that is over: what the guest reported, and where all logs are.</summary>
public sealed class GuestRun
{
    private const int ShownLines = 40;

    // Beyond the guest's own limit: the start of the kernel, and the report it still writes.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(60);

    // How long the endpoint may take to notice that QEMU is gone.
    private static readonly TimeSpan s_endpointFarewell = TimeSpan.FromSeconds(10);

    private readonly GuestTranscript _transcript;
    private readonly string? _endpointFault;
    private readonly string _logFolder;

    private GuestRun(GuestTranscript transcript, string? endpointFault, string logFolder)
    {
        _transcript = transcript;
        _endpointFault = endpointFault;
        _logFolder = logFolder;
    }

    /// <summary>Starts an endpoint and a guest with it, and waits for the guest's end.</summary>
    /// <param name="options">What they are made of.</param>
    /// <returns>What came of it.</returns>
    public static async Task<GuestRun> StartAsync(GuestOptions options)
    {
        string folder = GuestCache.CreateRunFolder();
        string logFolder = Path.Combine(AppContext.BaseDirectory, "guest-logs", options.Name);
        try
        {
            string? endpointFault;
            await using (ChildProcess endpoint = await EndpointProgram.StartAsync(options, folder))
            {
                await using (ChildProcess qemu = Qemu.Start(options, folder))
                {
                    await qemu.WaitAsync(options.TimeLimit + s_grace);
                }

                endpointFault = await FindFaultAsync(endpoint);
            }

            string report = Path.Combine(folder, Qemu.ReportName);
            string[] lines = File.Exists(report) ? await File.ReadAllLinesAsync(report) : [];
            return new GuestRun(GuestTranscript.Parse(lines), endpointFault, logFolder);
        }
        finally
        {
            KeepLogs(folder, logFolder);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Fails unless a scenario passed and the kernel had nothing to complain about meanwhile.</summary>
    /// <param name="scenario">The scenario.</param>
    public void AssertPassed(string scenario)
    {
        ScenarioReport report = _transcript[scenario];
        IReadOnlyList<KernelLine> trouble = KernelVerdict.FindTrouble(report.KernelLog, ScenarioFile.ReadProvokedLines(scenario));
        Assert.True(report.Passed && trouble.Count == 0 && _endpointFault is null, Describe(report, trouble));
    }

    // Told to serve one client only, the endpoint ends by itself when QEMU is gone.
    private static async Task<string?> FindFaultAsync(ChildProcess endpoint)
    {
        if (!await endpoint.WaitAsync(s_endpointFarewell))
        {
            return $"The endpoint still ran {s_endpointFarewell.TotalSeconds} seconds after QEMU was gone.";
        }

        return endpoint.ExitCode == 0 ? null : $"The endpoint ended with status {endpoint.ExitCode}.";
    }

    private static void KeepLogs(string folder, string logFolder)
    {
        Directory.CreateDirectory(logFolder);
        foreach (string file in Directory.EnumerateFiles(folder, "*.log").Concat(Directory.EnumerateFiles(folder, "*.jsonl")))
        {
            File.Copy(file, Path.Combine(logFolder, Path.GetFileName(file)), overwrite: true);
        }
    }

    private string Describe(ScenarioReport report, IReadOnlyList<KernelLine> trouble)
    {
        var text = new StringBuilder();
        text.AppendLine(report.Passed ? "The scenario passed." : report.Reason);
        if (trouble.Count != 0)
        {
            text.AppendLine("The kernel complained:");
            text.AppendJoin('\n', trouble).AppendLine();
        }

        if (_endpointFault is not null)
        {
            text.AppendLine(_endpointFault);
        }

        text.Append("The guest ended: ").AppendLine(_transcript.Ending ?? "without a word");
        text.Append("All logs: ").AppendLine(_logFolder);
        text.AppendLine("Last lines of the kernel's log during the scenario:");
        text.AppendJoin('\n', report.KernelLog.TakeLast(ShownLines)).AppendLine();
        if (_transcript.Ending is null)
        {
            AppendTail(text, Qemu.ConsoleName);
            AppendTail(text, "qemu.log");
        }

        AppendTail(text, "endpoint.log");
        return text.ToString();
    }

    private void AppendTail(StringBuilder text, string name)
    {
        string path = Path.Combine(_logFolder, name);
        if (File.Exists(path))
        {
            text.Append("Last lines of ").Append(name).AppendLine(":");
            text.AppendJoin('\n', File.ReadLines(path).TakeLast(ShownLines)).AppendLine();
        }
    }
}
