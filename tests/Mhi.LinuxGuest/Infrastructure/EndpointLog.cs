using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Reads the endpoint's protocol log.</summary>
internal static class EndpointLog
{
    private const string ViolationEvent = "mhi.violation";

    /// <summary>Picks what the endpoint held against the host.</summary>
    /// <param name="lines">The log: one JSON object per line.</param>
    /// <returns>The lines that tell of a violation, each with its number.</returns>
    public static IReadOnlyList<string> FindViolations(IEnumerable<string> lines) =>
        [.. lines.Select((line, index) => (Line: line, Number: index + 1))
            .Where(entry => IsViolation(entry.Line))
            .Select(entry => $"{entry.Number}: {entry.Line}")];

    private static bool IsViolation(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("ev").GetString() == ViolationEvent;
    }
}
