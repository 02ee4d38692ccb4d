using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Finds the lines of a kernel log that must not be there.</summary>
internal static partial class KernelVerdict
{
    private const int Warning = 4;

    /// <summary>Picks the lines that tell of trouble.</summary>
    /// <param name="log">The kernel's log.</param>
    /// <param name="expected">Patterns of lines that the scenario provokes on purpose.</param>
    /// <returns>The other ones: kernel faults of any kind, and warnings and errors of the drivers under test.</returns>
    public static IReadOnlyList<KernelLine> FindTrouble(IEnumerable<KernelLine> log, IReadOnlyList<Regex> expected) =>
        [.. log.Where(line => IsTrouble(line) && !BusyAtSuspend().IsMatch(line.Text) && !expected.Any(pattern => pattern.IsMatch(line.Text)))];

    private static bool IsTrouble(KernelLine line) =>
        KernelFault().IsMatch(line.Text)
        || DriverComplaint().IsMatch(line.Text)
        || (line.Level <= Warning && DriverUnderTest().IsMatch(line.Text));

    [GeneratedRegex(@"WARNING: |BUG: |Oops|Call Trace|general protection|Kernel panic|refcount_t|UBSAN|KASAN|blocked for more than|stall|DMAR: \[|use-after-free")]
    private static partial Regex KernelFault();

    // At any level: some complaints are debug lines only. SYS ERROR, Error Fatal Detect and INVALID_EE are names of states.
    [GeneratedRegex(@"\b(?:mhi(?!-guest)|wwan).*(?:(?<!SYS )error(?! Fatal Detect)|fail|invalid(?!_EE)|unexpected|outside)", RegexOptions.IgnoreCase)]
    private static partial Regex DriverComplaint();

    // EBUSY: two idle seconds were just over when a transfer, or the rest of a start, began. The driver stays awake and tries
    // again after it. That happens in any scenario on a slow machine, and never for good: runtime-suspend sees to that.
    [GeneratedRegex(@"^\[[ .0-9]+\] mhi-pci-generic \S+: failed to suspend device: -16$")]
    private static partial Regex BusyAtSuspend();

    [GeneratedRegex(@"\bmhi|\bwwan|mhi-pci-generic|pcieport", RegexOptions.IgnoreCase)]
    private static partial Regex DriverUnderTest();
}
