using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>
/// A Sierra EM919x behind an IOMMU: addresses are translated page by page, and each event ring has its own vector. Its network
/// function carries bare IP packets.
/// </summary>
[Trait("Category", "Slow")]
public sealed class Em919xBehindIommuTests(GuestBoot<Em919xBehindIommuTests.Boot> boot) : IClassFixture<GuestBoot<Em919xBehindIommuTests.Boot>>
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
            Name = "em919x-behind-iommu",
            Kernel = "backports",
            Profile = "sierra-em919x",
            Settings = new Dictionary<string, string>
            {
                ["DRIVER"] = "sierra-em919x",
                ["PORTS"] = "wwan0at0 wwan0mbim0 wwan0qcdm0 wwan0qmi0",
                ["NET"] = "mhi_hwip0",
                ["VECTORS"] = "4",
            },
            Scenarios =
            [
                "driver-binds", "at-conversation", "at-reopen", "net-ping", "net-burst", "several-vectors", "runtime-suspend",
                "rebind",
            ],
            Iommu = true,
            Cpus = 2,
        };
    }
}
