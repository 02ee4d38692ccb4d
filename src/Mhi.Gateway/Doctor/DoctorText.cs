using System.Text;

namespace Mhi.Gateway.Doctor;

/// <summary>Findings for people.</summary>
internal static class DoctorText
{
    private const int StepWidth = 13;
    private static readonly string s_indent = new(' ', 6 + StepWidth);

    /// <summary>Writes a finding.</summary>
    /// <param name="finding">The finding.</param>
    /// <returns>One to three lines.</returns>
    internal static string Write(Finding finding)
    {
        string state = finding.State switch
        {
            FindingState.Ok => "ok",
            FindingState.Note => "note",
            _ => "FAIL",
        };
        var text = new StringBuilder();
        text.Append(state.PadRight(6)).Append(finding.Step.PadRight(StepWidth)).Append(finding.Seen).Append('\n');
        if (finding.Meaning is { } meaning)
        {
            text.Append(s_indent).Append("means: ").Append(meaning).Append('\n');
        }

        if (finding.Advice is { } advice)
        {
            text.Append(s_indent).Append("do:    ").Append(advice).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Writes the last line.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The line.</returns>
    internal static string WriteEnd(DoctorReport report) => report.Failure is { } failure
        ? $"The walk ended at '{failure.Step}'; what comes after it was not looked at.\n"
        : "All is well.\n";
}
