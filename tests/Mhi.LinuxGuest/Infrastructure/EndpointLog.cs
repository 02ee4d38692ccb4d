using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Reads the endpoint's protocol log: one JSON object per line.</summary>
internal static class EndpointLog
{
    private const int Succeeded = 1;

    /// <summary>Picks what went against the protocol.</summary>
    /// <param name="lines">The log.</param>
    /// <param name="provoked">Violations that are meant to happen, by their names, each as often as it is named.</param>
    /// <returns>
    /// The lines that tell of a violation by the host, of a command or an event ring that the device refused, or of a message
    /// by QEMU that was answered with an error; each with its number. Then the provoked violations that did not happen.
    /// </returns>
    public static IReadOnlyList<string> FindViolations(IEnumerable<string> lines, params IEnumerable<string> provoked)
    {
        List<string> awaited = [.. provoked];
        var found = new List<string>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            using var document = JsonDocument.Parse(line);
            JsonElement entry = document.RootElement;
            if (IsViolation(entry) && !awaited.Remove(NameOf(entry)))
            {
                found.Add($"{number}: {line}");
            }
        }

        return [.. found, .. awaited.Select(name => $"{name} did not happen.")];
    }

    /// <summary>Picks the events of one kind.</summary>
    /// <param name="path">The file of the log.</param>
    /// <param name="kind">Which ones.</param>
    /// <returns>Their properties, in the order in which they happened.</returns>
    public static IReadOnlyList<JsonElement> Read(string path, string kind) =>
        [.. File.ReadLines(path)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(entry => KindOf(entry) == kind)];

    private static bool IsViolation(JsonElement entry) => KindOf(entry) switch
    {
        "mhi.violation" or "vfio.error" => true,
        "mhi.cmd" => entry.GetProperty("code").GetInt32() != Succeeded,
        "mhi.event_ring" => !entry.GetProperty("ok").GetBoolean(),
        _ => false,
    };

    private static string NameOf(JsonElement entry) => entry.TryGetProperty("what", out JsonElement what) ? what.GetString()! : string.Empty;

    private static string? KindOf(JsonElement entry) => entry.GetProperty("ev").GetString();
}
