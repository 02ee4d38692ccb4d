using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>One boot of the guest, shared by the tests of a class. It begins with the first test that asks.</summary>
/// <typeparam name="TBoot">Which boot.</typeparam>
public sealed class GuestBoot<TBoot>
    where TBoot : IGuestBoot
{
    private readonly Lazy<Task<IReadOnlyList<GuestRun>>> _runs = new(() => GuestRun.StartAsync(TBoot.Options));

    /// <summary>Fails unless a scenario passed and the kernel had nothing to complain about meanwhile.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <returns>Completes when the guest is done.</returns>
    public async Task AssertPassedAsync(string scenario)
    {
        IReadOnlyList<GuestRun> runs = await _runs.Value;
        runs[0].AssertPassed(scenario);
    }

    /// <summary>Fails when the endpoint held anything against the host's side of the protocol.</summary>
    /// <returns>Completes when the guest is done.</returns>
    public async Task AssertNoViolationAsync()
    {
        IReadOnlyList<GuestRun> runs = await _runs.Value;
        runs[0].AssertNoViolation();
    }
}
