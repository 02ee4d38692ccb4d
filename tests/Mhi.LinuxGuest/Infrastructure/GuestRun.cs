using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A boot that is over: what the guest reported, and where all logs are.</summary>
public sealed class GuestRun
{
    private const int ShownLines = 40;
    private const int MostBoots = 3;
    private const string MeasurementsName = "measurements.txt";
    private const string NoteMark = "NOTE ";

    // What the program promises for SIGTERM: a clean close, and then this status.
    private const int EndedBySigterm = 143;

    private const int EndedBySigkill = 137;

    // What a scenario writes to have the endpoint killed.
    private const string KillRequest = "kill endpoint";

    // Beyond the guest's own limit: the start of the kernel, and the report it still writes.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan s_endpointFarewell = TimeSpan.FromSeconds(60);

    private readonly GuestTranscript _transcript;
    private readonly string? _endpointFault;
    private readonly string _logFolder;

    private GuestRun(GuestTranscript transcript, string? endpointFault, string logFolder)
    {
        _transcript = transcript;
        _endpointFault = endpointFault;
        _logFolder = logFolder;
    }

    private string EndpointLogPath => Path.Combine(_logFolder, EndpointProgram.LogName);

    /// <summary>How the guest came to its end in its own words; null when it broke off without a word.</summary>
    public string? Ending => _transcript.Ending;

    /// <summary>Starts an endpoint and one guest after the other with it, each when the one before has gone.</summary>
    /// <param name="guests">What they are made of; the first one says how the endpoint is started.</param>
    /// <returns>What came of each guest.</returns>
    public static async Task<IReadOnlyList<GuestRun>> StartAsync(params GuestOptions[] guests)
    {
        string folder = GuestCache.CreateRunFolder();
        try
        {
            var transcripts = new List<GuestTranscript>();
            string? endpointFault = null;
            using (StrayEndpoint? stray = guests[0].Stray ? new StrayEndpoint(folder) : null)
            await using (ChildProcess? endpoint = guests[0].Profile is not null
                ? await EndpointProgram.StartAsync(guests[0], folder)
                : null)
            {
                foreach (GuestOptions guest in guests)
                {
                    transcripts.Add(await RunGuestAsync(guest, folder, request => Answer(request, endpoint)));
                }

                if (endpoint is not null)
                {
                    endpointFault = guests[^1].EndpointIsKilled ? JudgeKilled(endpoint) : await EndAsync(endpoint);
                }
            }

            KeepLogs(folder, LogFolder(guests[0]));
            return [.. guests.Zip(transcripts, (guest, transcript) => new GuestRun(transcript, endpointFault, LogFolder(guest)))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a scenario measured, for the reader of the report.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <returns>A sentence for each value.</returns>
    public IReadOnlyList<string> Notes(string scenario) => _transcript[scenario].Notes;

    /// <summary>Fails unless a scenario passed and the kernel had nothing to complain about meanwhile.</summary>
    /// <param name="scenario">The scenario.</param>
    public void AssertPassed(string scenario)
    {
        ScenarioReport report = _transcript[scenario];
        IReadOnlyList<KernelLine> trouble = KernelVerdict.FindTrouble(report.KernelLog, ScenarioFile.ReadProvokedLines(scenario));
        Assert.True(report.Passed && trouble.Count == 0 && _endpointFault is null, Describe(report, trouble));
    }

    /// <summary>Fails when the endpoint's log tells of anything against the protocol.</summary>
    /// <param name="provoked">The violations that are meant to be there, by their names; each must be.</param>
    public void AssertNoViolation(params string[] provoked)
    {
        IReadOnlyList<string> violations = EndpointLog.FindViolations(File.ReadLines(EndpointLogPath), provoked);
        if (violations.Count != 0)
        {
            Assert.Fail(AppendEnds(new StringBuilder()
                .Append(EndpointLogPath).AppendLine(" tells of violations:")
                .AppendJoin('\n', violations).AppendLine()));
        }
    }

    /// <summary>Picks the events of one kind from the endpoint's log.</summary>
    /// <param name="kind">Which ones.</param>
    /// <returns>Their properties, in the order in which they happened.</returns>
    public IReadOnlyList<JsonElement> ReadEndpointLog(string kind) => EndpointLog.Read(EndpointLogPath, kind);

    private static string LogFolder(GuestOptions guest) => Path.Combine(AppContext.BaseDirectory, "guest-logs", guest.Name);

    private static void Answer(string request, ChildProcess? endpoint)
    {
        if (request.TrimEnd('\r') == KillRequest)
        {
            endpoint?.Kill();
        }
    }

    private static async Task<GuestTranscript> RunGuestAsync(GuestOptions guest, string folder, Action<string> asked)
    {
        string[] lines = await BootAsync(guest, folder, asked);

        // Emulated processors trip now and then over code that the kernel patches while another one runs it. A guest that dies so
        // early that nothing of ours has run, not even the first line of its report, is booted again.
        for (int boot = 1; lines.Length == 0 && boot < MostBoots; boot++)
        {
            File.Move(Path.Combine(folder, Qemu.ConsoleName), Path.Combine(folder, $"died-{boot}-{Qemu.ConsoleName}"), overwrite: true);
            lines = await BootAsync(guest, folder, asked);
        }

        KeepLogs(folder, LogFolder(guest));
        await File.WriteAllLinesAsync(
            Path.Combine(LogFolder(guest), MeasurementsName),
            lines.Where(line => line.StartsWith(NoteMark, StringComparison.Ordinal)).Select(line => line[NoteMark.Length..]));
        return GuestTranscript.Parse(lines);
    }

    // Returns the lines of the report.
    private static async Task<string[]> BootAsync(GuestOptions guest, string folder, Action<string> asked)
    {
        await using (ChildProcess qemu = Qemu.Start(guest, folder, asked))
        {
            await qemu.WaitAsync(guest.TimeLimit + s_grace);
        }

        string report = Path.Combine(folder, Qemu.ReportName);
        return File.Exists(report) ? await File.ReadAllLinesAsync(report) : [];
    }

    private static string? JudgeKilled(ChildProcess endpoint) =>
        endpoint.Exited.IsCompleted && endpoint.ExitCode == EndedBySigkill ? null : "No scenario had the endpoint killed, or it ended in another way.";

    // An endpoint that is still there when all guests have gone, and then ends as promised, did not stumble over any of them.
    private static async Task<string?> EndAsync(ChildProcess endpoint)
    {
        if (endpoint.Exited.IsCompleted)
        {
            return $"The endpoint ended with status {endpoint.ExitCode} before it was told to.";
        }

        await endpoint.AskToEndAsync();
        if (!await endpoint.WaitAsync(s_endpointFarewell))
        {
            return $"The endpoint still ran {s_endpointFarewell.TotalSeconds} seconds after SIGTERM.";
        }

        return endpoint.ExitCode == EndedBySigterm ? null : $"The endpoint ended with status {endpoint.ExitCode} after SIGTERM.";
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

        text.AppendLine("Last lines of the kernel's log during the scenario:");
        text.AppendJoin('\n', report.KernelLog.TakeLast(ShownLines)).AppendLine();
        return AppendEnds(text);
    }

    // How it all ended: what a reader of a failed test needs who has nothing but the message.
    private string AppendEnds(StringBuilder text)
    {
        text.Append("The guest ended: ").AppendLine(Ending ?? "without a word");
        text.Append("All logs: ").AppendLine(_logFolder);
        AppendTail(text, Qemu.ConsoleName);
        AppendTail(text, Qemu.ReportName);
        AppendTail(text, "qemu.log");
        AppendTail(text, "endpoint.log");
        AppendTail(text, EndpointProgram.LogName);
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
