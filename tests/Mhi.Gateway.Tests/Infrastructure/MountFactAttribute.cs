using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>A test that mounts device nodes, perhaps for programs of other people; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    /// <summary>Decides at discovery whether the test can run here.</summary>
    /// <param name="programs">Programs of others that it runs.</param>
    public MountFactAttribute(params string[] programs)
    {
        string? missing = programs.FirstOrDefault(program => !IsInstalled(program));
        Skip = !Environment.IsPrivilegedProcess ? "Mounting device nodes needs root."
            : !File.Exists("/dev/fuse") ? "There is no /dev/fuse."
            : missing is not null ? $"'{missing}' is not installed."
            : null;
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));
}
