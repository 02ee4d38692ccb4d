using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Xunit.Abstractions;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>One boot of the guest, shared by the tests of a class. It begins with the first test that asks.</summary>
/// <typeparam name="TBoot">Which boot.</typeparam>
public sealed class GuestBoot<TBoot>
    where TBoot : IGuestBoot
{
    private readonly Lazy<Task<IReadOnlyList<GuestRun>>> _runs = new(() => GuestRun.StartAsync(TBoot.Options));

    /// <summary>Fails unless a scenario passed and the kernel had nothing to complain about meanwhile.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="output">Where to print what the scenario noted down, such as figures it measured; null for nowhere.</param>
    /// <returns>Completes when the guest is done.</returns>
    public async Task AssertPassedAsync(string scenario, ITestOutputHelper? output = null)
    {
        GuestRun run = await GetRunAsync();
        run.AssertPassed(scenario);
        if (output is not null)
        {
            foreach (string note in run.Notes(scenario))
            {
                output.WriteLine(note);
            }
        }
    }

    /// <summary>Fails when the endpoint's log tells of anything against the protocol.</summary>
    /// <param name="provoked">The violations that are meant to be there, by their names; each must be.</param>
    /// <returns>Completes when the guest is done.</returns>
    public async Task AssertNoViolationAsync(params string[] provoked)
    {
        GuestRun run = await GetRunAsync();
        run.AssertNoViolation(provoked);
    }

    /// <summary>The boot when it is over.</summary>
    /// <returns>What came of it.</returns>
    public async Task<GuestRun> GetRunAsync()
    {
        IReadOnlyList<GuestRun> runs = await _runs.Value;
        return runs[0];
    }
}
