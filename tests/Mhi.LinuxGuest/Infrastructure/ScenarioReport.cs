using System.Collections.Generic;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>What one scenario left behind.</summary>
/// <param name="Passed">Whether the guest says that it passed.</param>
/// <param name="Reason">Why it failed; empty when it passed.</param>
/// <param name="Notes">What it measured.</param>
/// <param name="KernelLog">What the kernel logged while it ran.</param>
public sealed record ScenarioReport(bool Passed, string Reason, IReadOnlyList<string> Notes, IReadOnlyList<KernelLine> KernelLog);
