using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The endpoint expects an image of another hash than the first one it is given, and refuses that one.</summary>
[Trait("Category", "Slow")]
public sealed class WrongImageTests(GuestBoot<WrongImageTests.Boot> boot) : IClassFixture<GuestBoot<WrongImageTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithWrongImage_SeesThatViolationOnly() => boot.AssertNoViolationAsync("ImageRefused");

    [GuestFact]
    public async Task Endpoint_LogsTheHashOfEachImage()
    {
        GuestRun run = await boot.GetRunAsync();

        IReadOnlyList<JsonElement> images = run.ReadEndpointLog("bhi.image");

        Assert.Equal(
            [(BootImage.HashOf(Boot.Wrong), false), (BootImage.HashOf(Boot.Right), true)],
            images.Select(image => (image.GetProperty("sha256").GetString(), image.GetProperty("ok").GetBoolean())));
    }

    /// <summary>One CPU; the driver finds the wrong image first.</summary>
    public sealed class Boot : IGuestBoot
    {
        private const string RightPath = "right.mbn";

        /// <summary>The image that the endpoint takes.</summary>
        public static byte[] Right { get; } = BootImage.Make(seed: 57);

        /// <summary>The one that it refuses: the last byte differs.</summary>
        public static byte[] Wrong { get; } = [.. Right[..^1], (byte)~Right[^1]];

        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "wrong-image",
            Kernel = "backports",
            Profile = "qcom-sdx55m",
            EndpointArguments = ["--start", "pbl", "--firmware-sha256", BootImage.HashOf(Right)],
            Firmware = new Dictionary<string, byte[]> { [BootImage.Path] = Wrong, [RightPath] = Right },
            Settings = new Dictionary<string, string>
            {
                ["PORTS"] = "wwan0qmi0 wwan0mbim0 wwan0qcdm0",
                ["IMAGE"] = BootImage.Path,
                ["RIGHT_IMAGE"] = RightPath,
            },
            Scenarios = ["image-refused", "image-accepted", "ports-reopen"],
        };
    }
}
