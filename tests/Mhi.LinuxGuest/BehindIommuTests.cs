using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The T99W175 behind an IOMMU: addresses are translated page by page, and each event ring has its own vector.</summary>
[Trait("Category", "Slow")]
public sealed class BehindIommuTests(GuestBoot<BehindIommuTests.Boot> boot) : IClassFixture<GuestBoot<BehindIommuTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>Two CPUs, IOMMU with interrupt remapping.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "behind-iommu",
            Kernel = "backports",
            Profile = T99w175.Profile,
            Settings = T99w175.Settings,
            Scenarios =
            [
                "driver-binds", "at-conversation", "at-reopen", "net-ping", "net-burst", "several-vectors", "runtime-suspend",
                "system-error", "bhi-vector", "function-reset", "rebind",
            ],
            Iommu = true,
            Cpus = 2,
        };
    }
}
