using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>Memory that the endpoint cannot map: each of its accesses is a message to QEMU.</summary>
[Trait("Category", "Slow")]
public sealed class WithoutSharedMemoryTests(GuestBoot<WithoutSharedMemoryTests.Boot> boot) : IClassFixture<GuestBoot<WithoutSharedMemoryTests.Boot>>
{
    [GuestTheory]
    [ScenariosOf<Boot>]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestFact]
    public Task Endpoint_WithStockKernel_SeesNoViolation() => boot.AssertNoViolationAsync();

    /// <summary>One CPU, private memory.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options { get; } = new()
        {
            Name = "without-shared-memory",
            Kernel = "backports",
            Profile = T99w175.Profile,
            Settings = T99w175.Settings,
            Scenarios = ["driver-binds", "at-conversation", "at-reopen", "net-ping", "rebind"],
            SharedMemory = false,
        };
    }
}
