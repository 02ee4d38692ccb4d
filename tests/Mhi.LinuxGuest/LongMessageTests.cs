using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.LinuxGuest;

/// <summary>A port that sends messages of any length: those that are longer than the driver's buffers.</summary>
[Trait("Category", "Slow")]
public sealed class LongMessageTests(GuestBoot<LongMessageTests.Boot> boot, ITestOutputHelper output) : IClassFixture<GuestBoot<LongMessageTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name, output);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>Two CPUs, source in place of the AT port.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "long-message",
            Kernel = "backports",
            Profile = T99w175.Profile,
            EndpointArguments = ["--function", "DUN=source"],
            Settings = new Dictionary<string, string>(T99w175.Settings) { ["SOURCE_PORT"] = "wwan0at0" },
            Scenarios = ["driver-binds", "long-message"],
            Cpus = 2,
        };
    }
}
