using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>One boot of the guest, shared by the tests of a class. It begins with the first test that asks.</summary>
/// <typeparam name="TBoot">Which boot.</typeparam>
public sealed class GuestBoot<TBoot>
    where TBoot : IGuestBoot
{
    // Beyond the guest's own limit: the start of the kernel, and the report it still writes.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(60);

    private const int ShownLines = 40;

    private readonly Lazy<Task<GuestTranscript>> _transcript = new(RunAsync);

    /// <summary>Fails unless a scenario passed and the kernel had nothing to complain about meanwhile.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <returns>Completes when the guest is done.</returns>
    public async Task AssertPassedAsync(string scenario)
    {
        GuestTranscript transcript = await _transcript.Value;
        ScenarioReport report = transcript[scenario];
        IReadOnlyList<KernelLine> trouble = KernelVerdict.FindTrouble(report.KernelLog, ScenarioFile.ReadProvokedLines(scenario));
        Assert.True(report.Passed && trouble.Count == 0, Describe(transcript, report, trouble));
    }

    private static string LogFolder => Path.Combine(AppContext.BaseDirectory, "guest-logs", TBoot.Options.Name);

    private static async Task<GuestTranscript> RunAsync()
    {
        GuestOptions options = TBoot.Options;
        string folder = GuestCache.CreateRunFolder();
        try
        {
            await using (ChildProcess endpoint = await EndpointProgram.StartAsync(options, folder))
            await using (ChildProcess qemu = Qemu.Start(options, folder))
            {
                using var limit = new CancellationTokenSource();
                Task timeout = Task.Delay(options.TimeLimit + s_grace, limit.Token);
                await Task.WhenAny(qemu.Exited, timeout);
                await limit.CancelAsync();
            }

            string report = Path.Combine(folder, Qemu.ReportName);
            return GuestTranscript.Parse(File.Exists(report) ? await File.ReadAllLinesAsync(report) : []);
        }
        finally
        {
            KeepLogs(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void KeepLogs(string folder)
    {
        Directory.CreateDirectory(LogFolder);
        foreach (string file in Directory.EnumerateFiles(folder, "*.log").Concat(Directory.EnumerateFiles(folder, "*.jsonl")))
        {
            File.Copy(file, Path.Combine(LogFolder, Path.GetFileName(file)), overwrite: true);
        }
    }

    private static string Describe(GuestTranscript transcript, ScenarioReport report, IReadOnlyList<KernelLine> trouble)
    {
        var text = new StringBuilder();
        text.AppendLine(report.Passed ? "The scenario passed, but the kernel complained:" : report.Reason);
        text.AppendJoin('\n', trouble).AppendLine();
        text.Append("The guest ended: ").AppendLine(transcript.Ending ?? "without a word");
        text.Append("All logs: ").AppendLine(LogFolder);
        text.AppendLine("Last lines of the kernel's log during the scenario:");
        text.AppendJoin('\n', report.KernelLog.TakeLast(ShownLines)).AppendLine();
        if (transcript.Ending is null)
        {
            AppendTail(text, Qemu.ConsoleName);
            AppendTail(text, "qemu.log");
        }

        AppendTail(text, "endpoint.log");
        return text.ToString();
    }

    private static void AppendTail(StringBuilder text, string name)
    {
        string path = Path.Combine(LogFolder, name);
        if (File.Exists(path))
        {
            text.Append("Last lines of ").Append(name).AppendLine(":");
            text.AppendJoin('\n', File.ReadLines(path).TakeLast(ShownLines)).AppendLine();
        }
    }
}
