using System.Text.RegularExpressions;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

public sealed class KernelVerdictTests
{
    [Theory]
    [InlineData(3, "mhi mhi0: Failed to reset channel, still resetting")]
    [InlineData(3, "[   24.633367] mhi-pci-generic 0000:00:02.0: failed to suspend device: -5")]
    [InlineData(4, "mhi-pci-generic 0000:00:02.0: Device failed to enter MHI Ready")]
    [InlineData(4, "wwan wwan0: port broken")]
    [InlineData(4, "WARNING: CPU: 0 PID: 70 at drivers/bus/mhi/host/main.c:500")]
    [InlineData(1, "BUG: kernel NULL pointer dereference, address: 0000000000000008")]
    [InlineData(3, "DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0x0")]
    [InlineData(0, "Kernel panic - not syncing: Fatal exception")]
    [InlineData(2, "Oops: 0000 [#1] PREEMPT SMP NOPTI")]
    [InlineData(7, "mhi mhi0: Invalid state: Unknown state")]
    [InlineData(7, "mhi mhi0: Event element points to an unexpected TRE")]
    [InlineData(7, "mhi mhi0: Event ring rp points outside of the event ring")]
    [InlineData(7, "mhi mhi0: Transitioning from PM state: Firmware Download Error to: SHUTDOWN Process")]
    [InlineData(7, "mhi mhi0: Image transfer failed")]
    [InlineData(6, "mhi mhi0: System error detected")]
    [InlineData(6, "INFO: task kworker/0:1 blocked for more than 120 seconds.")]
    public void FindTrouble_WhenKernelComplains_NamesTheLine(int level, string text) =>
        Assert.Equal([new KernelLine(level, text)], KernelVerdict.FindTrouble([new KernelLine(level, text)], []));

    [Theory]
    [InlineData(7, "mhi mhi0: State change event to state: M3")]
    [InlineData(7, "mhi mhi0: Transitioning from PM state: SYS ERROR Detect to: SYS ERROR Process")]
    [InlineData(7, "mhi mhi0: Processing disable transition with PM state: Linkdown or Error Fatal Detect")]
    [InlineData(6, "mhi-guest: begin system-error")]
    [InlineData(3, "[   24.633367] mhi-pci-generic 0000:00:02.0: failed to suspend device: -16")]
    [InlineData(7, "mhi mhi0: local ee: INVALID_EE state: RESET device ee: MISSION MODE state: READY")]
    [InlineData(6, "mhi-pci-generic 0000:00:02.0: MHI PCI device found: foxconn-t99w175")]
    [InlineData(4, "ACPI: a warning about the emulated PC")]
    public void FindTrouble_WhenLineIsOrdinary_LeavesItOut(int level, string text) =>
        Assert.Empty(KernelVerdict.FindTrouble([new KernelLine(level, text)], []));

    [Fact]
    public void FindTrouble_WhenScenarioProvokesTheLine_LeavesItOut() =>
        Assert.Empty(KernelVerdict.FindTrouble([new KernelLine(4, "mhi mhi0: firmware crashed (6)")], [new Regex("firmware crashed")]));
}
