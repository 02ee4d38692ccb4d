using System;
using System.Threading.Tasks;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>One boot of the guest, shared by the tests of a class. It begins with the first test that asks.</summary>
/// <typeparam name="TBoot">Which boot.</typeparam>
public sealed class GuestBoot<TBoot>
    where TBoot : IGuestBoot
{
    private readonly Lazy<Task<GuestRun>> _run = new(() => GuestRun.StartAsync(TBoot.Options));

    /// <summary>Fails unless a scenario passed and the kernel had nothing to complain about meanwhile.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <returns>Completes when the guest is done.</returns>
    public async Task AssertPassedAsync(string scenario)
    {
        GuestRun run = await _run.Value;
        run.AssertPassed(scenario);
    }
}
