using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.LinuxGuest;

/// <summary>
/// The host stack itself, inside the guest: <c>mhi</c> on the kernel's vfio-pci and an IOMMU that protects, with <c>mhi endpoint</c>
/// outside as the device, under the newest kernel packaged.
/// </summary>
[Trait("Category", "Slow")]
public sealed class VfioTests(GuestBoot<VfioTests.Boot> boot, ITestOutputHelper output) : IClassFixture<GuestBoot<VfioTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name, output);

    [GuestFact]
    public Task Endpoint_WithOurHost_SeesNoViolation() => boot.AssertNoViolationAsync();

    internal static GuestOptions OptionsUnder(string kernel, string name) => new()
    {
        Name = name,
        Kernel = kernel,
        Profile = T99w175.Profile,
        Programs = new Dictionary<string, string> { ["bin/mhi"] = BuiltProgram.Mhi },
        Settings = T99w175.Settings,
        Scenarios =
        [
            "vfio-tools", "vfio-binds", "vfio-loopback", "vfio-sizes", "vfio-at", "vfio-busy", "vfio-killed", "vfio-reset",
            "vfio-access", "vfio-stray", "vfio-unplug", "vfio-dead",
        ],
        Iommu = true,
        Slot = GuestSlot.RootPort,
        Stray = true,
        EndpointIsKilled = true,
        Cpus = 2,
    };

    /// <summary>Two CPUs, IOMMU with interrupt remapping, the modem behind a root port.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => OptionsUnder("backports", "vfio");
    }
}
