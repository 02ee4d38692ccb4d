using Mhi.Profiles;
using Xunit;

namespace Mhi.Runtime.Tests.Profiles;

/// <summary>Every compiled profile is one that a controller takes.</summary>
public sealed class KnownProfilesTests
{
    [Fact]
    public void Validate_OfEveryProfile_AcceptsIt()
    {
        Assert.NotEmpty(KnownProfiles.All);
        foreach (DeviceProfile profile in KnownProfiles.All)
        {
            profile.Validate();
        }
    }
}
