using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.LinuxGuest;

/// <summary>The suite that all transports pass, as native code inside the guest, over the kernel's vfio-pci.</summary>
[Trait("Category", "Slow")]
public sealed class VfioSuiteTests(
    GuestBoot<VfioSuiteTests.NewestBoot> newest, GuestBoot<VfioSuiteTests.BookwormBoot> bookworm, ITestOutputHelper output)
    : IClassFixture<GuestBoot<VfioSuiteTests.NewestBoot>>, IClassFixture<GuestBoot<VfioSuiteTests.BookwormBoot>>
{
    private const string Scenario = "vfio-suite";

    [GuestFact]
    public Task Suite_OnNewestKernel_Passes() => newest.AssertPassedAsync(Scenario, output);

    [GuestFact]
    public Task Suite_OnBookworm_Passes() => bookworm.AssertPassedAsync(Scenario, output);

    [GuestFact]
    public Task Endpoint_OnNewestKernel_SeesNoViolation() => newest.AssertNoViolationAsync();

    [GuestFact]
    public Task Endpoint_OnBookworm_SeesNoViolation() => bookworm.AssertNoViolationAsync();

    private static GuestOptions OptionsUnder(string kernel) => new()
    {
        Name = $"vfio-suite-{kernel}",
        Kernel = kernel,
        Profile = T99w175.Profile,
        Programs = new Dictionary<string, string> { ["bin/mhi-tests"] = BuiltProgram.Tests },
        Settings = T99w175.Settings,
        Scenarios = [Scenario],
        Iommu = true,
        Slot = GuestSlot.RootPort,
        Cpus = 2,
    };

    /// <summary>Two CPUs, IOMMU with interrupt remapping, the newest kernel packaged.</summary>
    public sealed class NewestBoot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => OptionsUnder("backports");
    }

    /// <summary>The same under the kernel of Debian 12.</summary>
    public sealed class BookwormBoot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => OptionsUnder("bookworm");
    }
}
