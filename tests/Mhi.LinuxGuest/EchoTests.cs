using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.LinuxGuest;

/// <summary>A port whose function was chosen on the endpoint's command line: what is written comes back.</summary>
[Trait("Category", "Slow")]
public sealed class EchoTests(GuestBoot<EchoTests.Boot> boot, ITestOutputHelper output) : IClassFixture<GuestBoot<EchoTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name, output);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>Two CPUs, echo in place of the AT port.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "echo",
            Kernel = "backports",
            Profile = T99w175.Profile,
            EndpointArguments = ["--function", "DUN=echo"],
            Settings = T99w175.Settings,
            Scenarios = ["driver-binds", "echo", "queued-data", "measure"],
            Cpus = 2,
        };
    }
}
