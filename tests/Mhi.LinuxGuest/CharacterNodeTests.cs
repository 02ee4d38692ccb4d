using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The character devices of <c>mhi nodes --cuse</c>, with the emulated modem, under the newest kernel packaged.</summary>
[Trait("Category", "Slow")]
public sealed class CharacterNodeTests(GuestBoot<CharacterNodeTests.Boot> boot) : IClassFixture<GuestBoot<CharacterNodeTests.Boot>>
{
    internal const string Mbimcli = "/usr/bin/mbimcli";
    internal const string Qmicli = "/usr/bin/qmicli";
    internal const string Socat = "/usr/bin/socat";
    internal const string Picocom = "/usr/bin/picocom";

    // In the guest beside busybox's own.
    private const string Dd = "/bin/dd";

    private static readonly string[] s_scenarios =
    [
        "nodes-echo", "nodes-at", "nodes-terminal", "nodes-access", "nodes-processes", "nodes-nonblocking", "nodes-writers",
        "nodes-return", "nodes-stop", "nodes-killed",
    ];

    // Programs that not every machine has, and the scenarios with them.
    private static readonly (string Program, string Scenario)[] s_foreign =
    [
        (Mbimcli, "nodes-mbim"), (Qmicli, "nodes-qmi"), (Socat, "nodes-socat"), (Picocom, "nodes-picocom"),
        (GuestPython.Program, "nodes-python"),
    ];

    /// <summary>What needs nothing but the program and what every Debian has.</summary>
    public static TheoryData<string> Scenarios => [.. s_scenarios];

    [GuestTheory]
    [MemberData(nameof(Scenarios))]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestProgramFact(Mbimcli, "libmbim-utils")]
    public Task Mbimcli_OnStockKernel_QueriesTheModem() => boot.AssertPassedAsync(ScenarioWith(Mbimcli));

    [GuestProgramFact(Qmicli, "libqmi-utils")]
    public Task Qmicli_OnStockKernel_QueriesTheModem() => boot.AssertPassedAsync(ScenarioWith(Qmicli));

    [GuestProgramFact(Socat, "socat")]
    public Task Socat_OnStockKernel_CopiesBothWays() => boot.AssertPassedAsync(ScenarioWith(Socat));

    [GuestProgramFact(Picocom, "picocom")]
    public Task Picocom_OnStockKernel_TalksToTheModem() => boot.AssertPassedAsync(ScenarioWith(Picocom));

    [GuestProgramFact(GuestPython.Program, "python3")]
    public Task Python_OnStockKernel_IsWokenByEverything() => boot.AssertPassedAsync(ScenarioWith(GuestPython.Program));

    internal static string ScenarioWith(string program) => s_foreign.Single(entry => entry.Program == program).Scenario;

    internal static GuestOptions OptionsUnder(string kernel, string name)
    {
        (string Program, string Scenario)[] foreign = [.. s_foreign.Where(entry => File.Exists(entry.Program))];
        var programs = foreign.ToDictionary(entry => "bin/" + Path.GetFileName(entry.Program), entry => entry.Program);
        programs.Add("bin/mhi", BuiltProgram.Mhi);
        programs.Add("bin/gnu-dd", Dd);
        return new GuestOptions
        {
            Name = name,
            Kernel = kernel,
            Programs = programs,
            Files = GuestPython.FindLibrary(),
            Scenarios = [.. s_scenarios, .. foreign.Select(entry => entry.Scenario)],
            Cpus = 2,
            TimeLimit = TimeSpan.FromSeconds(900),
        };
    }

    /// <summary>Two CPUs, no modem on the bus.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => OptionsUnder("backports", "character-nodes");
    }
}
