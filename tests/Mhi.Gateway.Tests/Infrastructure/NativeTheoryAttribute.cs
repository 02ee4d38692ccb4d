using System;
using Xunit;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>
/// A theory of what only the native binary promises: the <c>dotnet</c> host, for one, takes the numbers of closed standard
/// streams for files of its own before the program begins.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    /// <summary>Marks the theory; without a native binary it is skipped.</summary>
    public NativeTheoryAttribute()
    {
        if (MhiProgram.NativeBinary is null)
        {
            Skip = MhiProgram.NoNativeBinary;
        }
    }
}
