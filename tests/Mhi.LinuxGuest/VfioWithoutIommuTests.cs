using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>A machine whose IOMMU is off: the kernel gives no device to a program.</summary>
[Trait("Category", "Slow")]
public sealed class VfioWithoutIommuTests(GuestBoot<VfioWithoutIommuTests.Boot> boot) : IClassFixture<GuestBoot<VfioWithoutIommuTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    /// <summary>No IOMMU.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => new()
        {
            Name = "vfio-without-iommu",
            Kernel = "backports",
            Profile = T99w175.Profile,
            Programs = new Dictionary<string, string> { ["bin/mhi"] = BuiltProgram.Mhi },
            Scenarios = ["vfio-no-iommu"],
        };
    }
}
