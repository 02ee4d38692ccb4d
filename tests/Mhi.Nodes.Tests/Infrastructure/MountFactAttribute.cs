using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>A test against a real mount, and perhaps with programs of other people; skipped, with the reason, where there are none.</summary>
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_reason = new(FindReason);

    /// <summary>Decides at discovery whether the test can run here.</summary>
    /// <param name="programs">Programs it runs.</param>
    public MountFactAttribute(params string[] programs)
    {
        string? missing = programs.FirstOrDefault(program => !IsInstalled(program));
        Skip = s_reason.Value ?? (missing is null ? null : $"'{missing}' is not installed.");
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string? FindReason()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"mhi-nodes-trial-{Environment.ProcessId}");
        try
        {
            MountedNodeServer.Mount(folder).Dispose();
            return null;
        }
        catch (NodeException exception)
        {
            return exception.Message;
        }
    }
}
