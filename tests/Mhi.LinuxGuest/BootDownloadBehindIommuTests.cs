using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The image is read page by page through the IOMMU, and the boot loader tells of it on the vector of BHI.</summary>
[Trait("Category", "Slow")]
public sealed class BootDownloadBehindIommuTests(GuestBoot<BootDownloadBehindIommuTests.Boot> boot)
    : IClassFixture<GuestBoot<BootDownloadBehindIommuTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>Two CPUs, IOMMU with interrupt remapping.</summary>
    public sealed class Boot : IGuestBoot
    {
        private static readonly byte[] s_image = BootImage.Make(seed: 56);

        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "boot-download-behind-iommu",
            Kernel = "backports",
            Profile = "qcom-sdx55m",
            EndpointArguments = ["--start", "pbl", "--firmware-sha256", BootImage.HashOf(s_image)],
            Firmware = new Dictionary<string, byte[]> { [BootImage.Path] = s_image },
            Settings = new Dictionary<string, string>
            {
                ["DRIVER"] = "qcom-sdx55m",
                ["PORTS"] = "wwan0qmi0 wwan0mbim0 wwan0qcdm0",
                ["NET"] = "mhi_hwip0",
            },
            Scenarios = ["driver-binds", "image-download", "bhi-vector", "ports-reopen", "net-ping"],
            Iommu = true,
            Cpus = 2,
        };
    }
}
