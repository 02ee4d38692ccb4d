using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.LinuxGuest;

/// <summary>The kernel's own port against vfio-pci, on the same endpoint; <c>bench/guest.sh</c> makes a table of what it notes.</summary>
[Trait("Category", "Slow")]
public sealed class VfioComparisonTests(GuestBoot<VfioComparisonTests.Boot> boot, ITestOutputHelper output)
    : IClassFixture<GuestBoot<VfioComparisonTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name, output);

    /// <summary>Two CPUs, IOMMU with interrupt remapping, an echo on DUN, and no log that costs time.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => new()
        {
            Name = "vfio-comparison",
            Kernel = "backports",
            Profile = T99w175.Profile,
            EndpointArguments = ["--function", "DUN=echo"],
            EndpointKeepsLog = false,
            Programs = new Dictionary<string, string> { ["bin/mhi"] = BuiltProgram.Mhi },
            Settings = new Dictionary<string, string>
            {
                ["SECONDS_EACH"] = System.Environment.GetEnvironmentVariable("MHI_GUEST_BENCH_SECONDS") ?? "1",
            },
            Scenarios = ["vfio-compare"],
            Iommu = true,
            Slot = GuestSlot.RootPort,
            Cpus = 2,
        };
    }
}
