using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>A device that goes to M1, and with the host's leave to M2, as soon as nothing happens for a moment.</summary>
[Trait("Category", "Slow")]
public sealed class RestingDeviceTests(GuestBoot<RestingDeviceTests.Boot> boot) : IClassFixture<GuestBoot<RestingDeviceTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    [GuestFact]
    public async Task Endpoint_WhenIdle_GoesToM2AndComesBack()
    {
        GuestRun run = await boot.GetRunAsync();

        string[] states = [.. run.ReadEndpointLog("mhi.state").Select(entry => entry.GetProperty("state").GetString()!)];

        IEnumerable<(string From, string To)> steps = states.Zip(states.Skip(1));
        Assert.Contains(("M0", "M1"), steps);
        Assert.Contains(("M1", "M2"), steps);
        Assert.Contains(("M2", "M0"), steps);
    }

    /// <summary>Two CPUs; 20 milliseconds are idle enough.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "resting-device",
            Kernel = "backports",
            Profile = T99w175.Profile,
            EndpointArguments = ["--idle-time", "20"],
            Settings = T99w175.Settings,
            Scenarios =
            [
                "driver-binds", "autonomous-m2", "at-reopen", "net-ping", "net-burst", "runtime-suspend", "system-error", "rebind",
            ],
            Cpus = 2,
        };
    }
}
