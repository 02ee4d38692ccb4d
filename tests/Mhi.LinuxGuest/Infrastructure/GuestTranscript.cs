using System;
using System.Collections.Generic;
using System.Linq;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>What the guest said on its report port, taken apart by scenario.</summary>
public sealed class GuestTranscript
{
    private const string BeginMark = "mhi-guest: begin ";
    private const string EndMark = "mhi-guest: end";

    private readonly Dictionary<string, ScenarioReport> _scenarios;

    private GuestTranscript(Dictionary<string, ScenarioReport> scenarios, string? ending)
    {
        _scenarios = scenarios;
        Ending = ending;
    }

    /// <summary>How the guest came to its end in its own words; null when it broke off without a word.</summary>
    public string? Ending { get; }

    /// <summary>Reads what came through the report port.</summary>
    /// <param name="lines">The lines.</param>
    /// <returns>The reports.</returns>
    public static GuestTranscript Parse(IEnumerable<string> lines)
    {
        var verdicts = new Dictionary<string, (bool Passed, string Reason)>(StringComparer.Ordinal);
        var notes = new List<(string Scenario, string Text)>();
        var log = new List<(string Scenario, KernelLine Line)>();
        string logScenario = string.Empty;
        string? ending = null;

        foreach (string raw in lines)
        {
            string line = raw.TrimEnd('\r');
            (string word, string rest) = SplitFirstWord(line);
            switch (word)
            {
                case "SCENARIO":
                    verdicts[rest] = (false, "The guest began it, but said nothing more.");
                    break;
                case "PASS":
                    verdicts[rest] = (true, string.Empty);
                    break;
                case "FAIL":
                    (string failed, string reason) = SplitFirstWord(rest);
                    verdicts[failed] = (false, reason);
                    break;
                case "NOTE":
                    notes.Add(SplitFirstWord(rest));
                    break;
                case "KERNEL":
                    KernelLine kernelLine = ParseKernelLine(rest);
                    logScenario = ScenarioAt(kernelLine.Text) ?? logScenario;
                    log.Add((logScenario, kernelLine));
                    break;
                case "END":
                    ending = rest;
                    break;
                default:
                    break;
            }
        }

        return new GuestTranscript(
            verdicts.ToDictionary(
                verdict => verdict.Key,
                verdict => new ScenarioReport(
                    verdict.Value.Passed,
                    verdict.Value.Reason,
                    [.. notes.Where(note => note.Scenario == verdict.Key).Select(note => note.Text)],
                    [.. log.Where(entry => entry.Scenario == verdict.Key).Select(entry => entry.Line)]),
                StringComparer.Ordinal),
            ending);
    }

    /// <summary>What a scenario left behind.</summary>
    /// <param name="scenario">Its name.</param>
    /// <returns>The report; one that failed when the guest never came to it.</returns>
    public ScenarioReport this[string scenario] =>
        _scenarios.TryGetValue(scenario, out ScenarioReport? report)
            ? report
            : new ScenarioReport(false, "The guest did not come to it.", [], []);

    // Null for a line that does not change the scenario; after the end, the log belongs to none.
    private static string? ScenarioAt(string text)
    {
        int begin = text.IndexOf(BeginMark, StringComparison.Ordinal);
        if (begin >= 0)
        {
            return text[(begin + BeginMark.Length)..].Trim();
        }

        return text.Contains(EndMark, StringComparison.Ordinal) ? string.Empty : null;
    }

    private static KernelLine ParseKernelLine(string text)
    {
        int close = text.IndexOf('>', StringComparison.Ordinal);
        if (close > 1 && text[0] == '<' && int.TryParse(text.AsSpan(1, close - 1), out int priority))
        {
            // The level is the lower three bits; above them stands who spoke, kernel or program.
            return new KernelLine(priority & 7, text[(close + 1)..]);
        }

        return new KernelLine(7, text);
    }

    private static (string Word, string Remainder) SplitFirstWord(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line, string.Empty) : (line[..space], line[(space + 1)..]);
    }
}
