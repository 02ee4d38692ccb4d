using System;
using System.IO;
using Xunit;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A test that needs a prepared guest and a program of this machine in it; without them it is skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GuestProgramFactAttribute : FactAttribute
{
    /// <summary>Decides at discovery whether the test can run here.</summary>
    /// <param name="path">The program.</param>
    /// <param name="package">Debian's package with it.</param>
    public GuestProgramFactAttribute(string path, string package)
    {
        Skip = GuestCache.ReasonNotToRun ?? (File.Exists(path) ? null : $"There is no {path}: apt-get install {package}.");
    }
}
