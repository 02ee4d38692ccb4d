using System;
using Xunit;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>A test of what only the native binary promises.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeFactAttribute : FactAttribute
{
    /// <summary>Marks the test; without a native binary it is skipped.</summary>
    public NativeFactAttribute()
    {
        if (MhiProgram.NativeBinary is null)
        {
            Skip = MhiProgram.NoNativeBinary;
        }
    }
}
