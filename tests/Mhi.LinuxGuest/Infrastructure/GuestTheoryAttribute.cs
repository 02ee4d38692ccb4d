using Xunit;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A test with data that needs a prepared guest; without one it is skipped, with the reason.</summary>
public sealed class GuestTheoryAttribute : TheoryAttribute
{
    /// <summary>Decides at discovery whether a guest can run here.</summary>
    public GuestTheoryAttribute()
    {
        Skip = GuestCache.ReasonNotToRun;
    }
}
