using System;
using Xunit;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>A test that looks at the machine code of the native binary; skipped where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MachineCodeFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public MachineCodeFactAttribute()
    {
        Skip = MachineCode.Obstacle;
    }
}
