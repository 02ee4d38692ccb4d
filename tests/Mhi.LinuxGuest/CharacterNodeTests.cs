using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>The character devices of <c>mhi nodes --cuse</c>, with the emulated modem, under the newest kernel packaged.</summary>
[Trait("Category", "Slow")]
public sealed class CharacterNodeTests(GuestBoot<CharacterNodeTests.Boot> boot) : IClassFixture<GuestBoot<CharacterNodeTests.Boot>>
{
    internal const string Mbimcli = "/usr/bin/mbimcli";
    internal const string MbimScenario = "nodes-mbim";

    private static readonly string[] s_scenarios =
        ["nodes-echo", "nodes-at", "nodes-terminal", "nodes-access", "nodes-processes", "nodes-stop", "nodes-killed"];

    /// <summary>What needs nothing but the program and a shell.</summary>
    public static TheoryData<string> Scenarios => [.. s_scenarios];

    [GuestTheory]
    [MemberData(nameof(Scenarios))]
    public Task Scenario_OnStockKernel_Passes(string name) => boot.AssertPassedAsync(name);

    [GuestProgramFact(Mbimcli, "libmbim-utils")]
    public Task Mbimcli_OnStockKernel_QueriesTheModem() => boot.AssertPassedAsync(MbimScenario);

    internal static GuestOptions OptionsUnder(string kernel, string name)
    {
        bool hasMbimcli = File.Exists(Mbimcli);
        var programs = new Dictionary<string, string> { ["bin/mhi"] = EndpointProgram.FindProgram() };
        if (hasMbimcli)
        {
            programs.Add("bin/mbimcli", Mbimcli);
        }

        return new GuestOptions
        {
            Name = name,
            Kernel = kernel,
            Programs = programs,
            Scenarios = hasMbimcli ? [.. s_scenarios, MbimScenario] : s_scenarios,
            Cpus = 2,
        };
    }

    /// <summary>Two CPUs, no modem on the bus.</summary>
    public sealed class Boot : IGuestBoot
    {
        /// <inheritdoc/>
        public static GuestOptions Options => OptionsUnder("backports", "character-nodes");
    }
}
