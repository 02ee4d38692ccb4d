using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>
/// A machine that is in the way twice: the modem shares its IOMMU group with a device of the kernel, and interrupts are not remapped.
/// Both are said, and once they are out of the way the modem works, with one vector.
/// </summary>
[Trait("Category", "Slow")]
public sealed class VfioSharedGroupTests(GuestBoot<VfioSharedGroupTests.Boot> boot) : IClassFixture<GuestBoot<VfioSharedGroupTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithOurHost_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>The modem next to a serial port behind a bridge to conventional PCI, and an IOMMU that remaps no interrupts.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => new()
        {
            Name = "vfio-shared-group",
            Kernel = "backports",
            Profile = T99w175.Profile,
            Programs = new Dictionary<string, string> { ["bin/mhi"] = BuiltProgram.Mhi },
            Scenarios = ["vfio-shared-group", "vfio-no-remapping"],
            Iommu = true,
            InterruptRemapping = false,
            Slot = GuestSlot.SharedBridge,
        };
    }
}
