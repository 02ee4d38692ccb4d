using System;
using System.IO;
using Xunit;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>A test that mounts device nodes; skipped, with the reason, where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public MountFactAttribute()
    {
        Skip = !Environment.IsPrivilegedProcess ? "Mounting device nodes needs root."
            : !File.Exists("/dev/fuse") ? "There is no /dev/fuse."
            : null;
    }
}
