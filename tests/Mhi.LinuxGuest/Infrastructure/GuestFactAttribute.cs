using Xunit;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>A test that needs a prepared guest; without one it is skipped, with the reason.</summary>
public sealed class GuestFactAttribute : FactAttribute
{
    /// <summary>Decides at discovery whether a guest can run here.</summary>
    public GuestFactAttribute()
    {
        Skip = GuestCache.ReasonNotToRun;
    }
}
