using Mhi.Gateway.Output;

namespace Mhi.Gateway.Doctor;

/// <summary>Findings for programs.</summary>
internal static class DoctorJson
{
    /// <summary>Writes a report.</summary>
    /// <param name="device">The device, as the user named it.</param>
    /// <param name="report">The report.</param>
    /// <returns>A JSON object on one line.</returns>
    internal static string Write(string device, DoctorReport report) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("device"u8, device);
        json.WriteBoolean("ok"u8, report.Failure is null);
        json.WriteNumber("exitCode"u8, (int)report.ExitCode);
        json.WriteStartArray("findings"u8);
        foreach (Finding finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("step"u8, finding.Step);
            json.WriteString("state"u8, finding.State switch
            {
                FindingState.Ok => "ok"u8,
                FindingState.Note => "note"u8,
                _ => "failed"u8,
            });
            json.WriteString("seen"u8, finding.Seen);
            json.WriteString("meaning"u8, finding.Meaning);
            json.WriteString("advice"u8, finding.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
