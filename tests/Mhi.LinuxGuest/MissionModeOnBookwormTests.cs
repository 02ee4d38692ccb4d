using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The T99W175 in mission mode under the kernel of Debian 12.</summary>
[Trait("Category", "Slow")]
public sealed class MissionModeOnBookwormTests(GuestBoot<MissionModeOnBookwormTests.Boot> boot) : IClassFixture<GuestBoot<MissionModeOnBookwormTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>Two CPUs, memory mapped by the endpoint.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "mission-mode-bookworm",
            Kernel = "bookworm",
            Profile = T99w175.Profile,
            Settings = T99w175.SettingsOnBookworm,
            Scenarios = T99w175.Life,
            Cpus = 2,
        };
    }
}
