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
    public Task Mbimcli_OnStockKernel_QueriesTheModem() => AssertPassedAsync(CharacterNodeTests.Mbimcli);

    [GuestProgramFact(CharacterNodeTests.Qmicli, "libqmi-utils")]
    public Task Qmicli_OnStockKernel_QueriesTheModem() => AssertPassedAsync(CharacterNodeTests.Qmicli);

    [GuestProgramFact(CharacterNodeTests.Socat, "socat")]
    public Task Socat_OnStockKernel_CopiesBothWays() => AssertPassedAsync(CharacterNodeTests.Socat);

    [GuestProgramFact(CharacterNodeTests.Picocom, "picocom")]
    public Task Picocom_OnStockKernel_TalksToTheModem() => AssertPassedAsync(CharacterNodeTests.Picocom);

    [GuestProgramFact(GuestPython.Program, "python3")]
    public Task Python_OnStockKernel_IsWokenByEverything() => AssertPassedAsync(GuestPython.Program);

    private Task AssertPassedAsync(string program) => boot.AssertPassedAsync(CharacterNodeTests.ScenarioWith(program));

    /// <summary>Two CPUs, no modem on the bus.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => CharacterNodeTests.OptionsUnder("bookworm", "character-nodes-bookworm");
    }
}
