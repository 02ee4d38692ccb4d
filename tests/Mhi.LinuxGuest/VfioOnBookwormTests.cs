using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The host stack inside the guest, on vfio-pci of the kernel of Debian 12.</summary>
[Trait("Category", "Slow")]
public sealed class VfioOnBookwormTests(GuestBoot<VfioOnBookwormTests.Boot> boot) : IClassFixture<GuestBoot<VfioOnBookwormTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithOurHost_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>Two CPUs, IOMMU with interrupt remapping, the modem behind a root port.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => VfioTests.OptionsUnder("bookworm", "vfio-bookworm");
    }
}
