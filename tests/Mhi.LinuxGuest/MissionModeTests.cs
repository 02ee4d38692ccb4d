using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The T99W175 in mission mode under the newest kernel that Debian packages.</summary>
[Trait("Category", "Slow")]
public sealed class MissionModeTests(GuestBoot<MissionModeTests.Boot> boot) : IClassFixture<GuestBoot<MissionModeTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>One CPU, memory mapped by the endpoint.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "mission-mode-backports",
            Kernel = "backports",
            Profile = T99w175.Profile,
            Settings = T99w175.Settings,
            Scenarios = T99w175.Life,
        };
    }
}
