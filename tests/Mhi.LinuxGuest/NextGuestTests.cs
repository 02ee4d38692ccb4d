using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>One endpoint serves one guest after the other.</summary>
[Trait("Category", "Slow")]
public sealed class NextGuestTests
{
    [GuestFact]
    public async Task NextGuest_WhenTheOneBeforeCrashedWithRunningChannels_FindsAFreshModem()
    {
        IReadOnlyList<GuestRun> runs = await GuestRun.StartAsync(
            Guest("next-guest-crashing", ["driver-binds", "host-crash"]),
            Guest("next-guest", ["driver-binds", "at-conversation"]));

        runs[0].AssertPassed("host-crash");
        Assert.Null(runs[0].Ending);
        runs[1].AssertPassed("driver-binds");
        runs[1].AssertPassed("at-conversation");
        runs[1].AssertNoViolation();
    }

    private static GuestOptions Guest(string name, string[] scenarios) => new()
    {
        Name = name,
        Kernel = "backports",
        Profile = T99w175.Profile,
        Settings = T99w175.Settings,
        Scenarios = scenarios,
    };
}
