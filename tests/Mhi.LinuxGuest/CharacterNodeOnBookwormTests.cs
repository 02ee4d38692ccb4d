using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The character devices of <c>mhi nodes --cuse</c> under the kernel of Debian 12.</summary>
[Trait("Category", "Slow")]
public sealed class CharacterNodeOnBookwormTests(GuestBoot<CharacterNodeOnBookwormTests.Boot> boot)
    : IClassFixture<GuestBoot<CharacterNodeOnBookwormTests.Boot>>
{
    [GuestTheory]
    [MemberData(nameof(CharacterNodeTests.Scenarios), MemberType = typeof(CharacterNodeTests))]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestProgramFact(CharacterNodeTests.Mbimcli, "libmbim-utils")]
    public Task Mbimcli_OnStockKernel_QueriesTheModem() => boot.AssertPassedAsync(CharacterNodeTests.MbimScenario);

    /// <summary>Two CPUs, no modem on the bus.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => CharacterNodeTests.OptionsUnder("bookworm", "character-nodes-bookworm");
    }
}
