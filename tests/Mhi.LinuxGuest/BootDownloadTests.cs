using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>An SDX55 that starts in its primary boot loader: the driver downloads the image, the endpoint checks each byte.</summary>
[Trait("Category", "Slow")]
public sealed class BootDownloadTests(GuestBoot<BootDownloadTests.Boot> boot) : IClassFixture<GuestBoot<BootDownloadTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>One CPU; an image of 300 kB of noise.</summary>
    public sealed class Boot : IGuestBoot
    {
        private static readonly byte[] s_image = BootImage.Make(seed: 55);

        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "boot-download",
            Kernel = "backports",
            Profile = "qcom-sdx55m",
            EndpointArguments = ["--start", "pbl", "--firmware-sha256", BootImage.HashOf(s_image)],
            Firmware = new Dictionary<string, byte[]> { [BootImage.Path] = s_image },
            Settings = new Dictionary<string, string>
            {
                ["DRIVER"] = "qcom-sdx55m",
                ["PORTS"] = "wwan0qmi0 wwan0mbim0 wwan0qcdm0",
            },
            Scenarios = ["driver-binds", "image-download", "ports-reopen"],
        };
    }
}
