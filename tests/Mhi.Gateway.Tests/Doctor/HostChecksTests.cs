using System;
using System.Linq;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Doctor;
using Mhi.Pci;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Doctor;

/// <summary>Every way in which a machine can be unprepared, provoked in a made tree, and what the user is told.</summary>
public sealed class HostChecksTests : IDisposable
{
    private static readonly PciAddress s_modem = new(0, 1, 0, 0);

    private readonly SysfsTree _tree = new();
    private readonly DoctorReport _report = new();

    [Fact]
    public void Function_ThatIsReady_PassesAllChecks()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 15)
            .Set(SysfsTree.Modem, "reset_method", "flr bus")
            .Set(SysfsTree.Modem, "resource", "0x00000000fe000000 0x00000000fe000fff 0x0000000000140204")
            .Set(SysfsTree.Modem, "current_link_speed", "8.0 GT/s PCIe")
            .Set(SysfsTree.Modem, "current_link_width", "1")
            .Set(SysfsTree.Modem, "max_link_speed", "8.0 GT/s PCIe")
            .Set(SysfsTree.Modem, "max_link_width", "1")
            .Set(SysfsTree.Modem, "power_state", "D0");

        Assert.True(Check());
        Assert.Equal(
            [
                "function: 0000:01:00.0 is 105b:e0ab, class ff0000, BAR 0 of 4 KiB, reset by flr, bus",
                "profile: foxconn-t99w175",
                "link: 8 GT/s x1 of 8 GT/s x1",
                "iommu: group 15",
                "driver: vfio-pci",
                "group: the device is alone in it",
                "memlock: no limit",
            ],
            _report.Findings.Select(finding => $"{finding.Step}: {finding.Seen}"));
        Assert.All(_report.Findings, finding => Assert.Equal(FindingState.Ok, finding.State));
    }

    [Fact]
    public void Function_ThatIsNotThere_IsTold() => AssertFailed(
        "function",
        "There is no PCI function 0000:01:00.0.",
        "The address is wrong, or the device has no power, has fallen off the bus or was never found by the kernel.",
        "Look for it with `mhi list` or `lspci -nn`; if it should be there, check slot and power, and try `echo 1 > /sys/bus/pci/rescan`.");

    [Fact]
    public void Function_ThatNoProfileKnows_IsTold()
    {
        _tree.Add(identity: "8086:1533");

        AssertFailed(
            "profile",
            "No profile knows 8086:1533 (subsystem 8086:1533).",
            "It is another kind of device, or a modem that this program has never heard of.",
            "If it is a modem of a known family, name the family with --profile; `mhi endpoint --profile list` prints them. docs/profiles.md tells how to write one.");
    }

    [Fact]
    public void Link_ThatIsDown_IsNoted()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 1)
            .Set(SysfsTree.Modem, "current_link_speed", "Unknown")
            .Set(SysfsTree.Modem, "current_link_width", "0")
            .Set(SysfsTree.Modem, "max_link_speed", "8.0 GT/s PCIe")
            .Set(SysfsTree.Modem, "max_link_width", "1");

        Assert.True(Check());
        Assert.Equal(
            Finding.Note(
                "link",
                "No lane is in use (? GT/s x0 of 8 GT/s x1).",
                "The link is down: the device has no power, is not plugged in properly, or sleeps.",
                "If the registers do not answer either, power-cycle the device and check the slot."),
            Find("link"));
    }

    [Fact]
    public void Link_ThatIsNone_IsNotCalledDown()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 1)
            .Set(SysfsTree.Modem, "current_link_speed", "Unknown")
            .Set(SysfsTree.Modem, "current_link_width", "0")
            .Set(SysfsTree.Modem, "max_link_speed", "Unknown");

        Assert.True(Check());
        Assert.DoesNotContain(_report.Findings, finding => finding.Step == "link");
    }

    [Fact]
    public void Link_ThatIsSlow_IsNoted()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 1)
            .Set(SysfsTree.Modem, "current_link_speed", "2.5 GT/s PCIe")
            .Set(SysfsTree.Modem, "current_link_width", "1")
            .Set(SysfsTree.Modem, "max_link_speed", "16.0 GT/s PCIe")
            .Set(SysfsTree.Modem, "max_link_width", "2")
            .Set(SysfsTree.Modem, "power_state", "D3hot");

        Assert.True(Check());
        Assert.Equal("2.5 GT/s x1 of 16 GT/s x2", Find("link").Seen);
        Assert.Equal("The link is slower or narrower than the device can do: the slot has no more, or the link saves power.", Find("link").Meaning);
        Assert.Equal("The kernel has put it to sleep; opening it wakes it.", Find("power").Meaning);
    }

    [Fact]
    public void Iommu_ThatIsOff_IsTold()
    {
        _tree.Add(driver: "mhi-pci-generic");

        AssertFailed(
            "iommu",
            "0000:01:00.0 has no IOMMU group: no IOMMU is switched on.",
            "Nothing would keep the device from reading and writing all memory, and vfio-pci refuses such a device.",
            "Enable VT-d, AMD-Vi or the SMMU in the firmware set-up; if it is enabled, boot with intel_iommu=on.");
    }

    [Fact]
    public void Function_OutsideTheIommu_IsTold()
    {
        _tree.Add().Add("0000:02:00.0", group: 3);

        Assert.False(Check());
        Assert.Equal("0000:01:00.0 has no IOMMU group, though other devices have one.", _report.Failure!.Seen);
    }

    [Fact]
    public void Function_OfTheKernelsDriver_IsNotBound()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).AddDriver(PciDevice.VfioDriver);

        AssertFailed(
            "driver",
            "0000:01:00.0 is bound to mhi-pci-generic.",
            "The kernel's driver uses it; only vfio-pci hands a device to a program.",
            "Bind it, as root: mhi bind 0000:01:00.0");
    }

    [Fact]
    public void Function_OfNoDriver_IsNotBound()
    {
        _tree.Add(group: 15).AddDriver(PciDevice.VfioDriver);

        AssertFailed(
            "driver",
            "0000:01:00.0 is bound to no driver.",
            "Only vfio-pci hands a device to a program.",
            "Bind it, as root: mhi bind 0000:01:00.0");
    }

    [Fact]
    public void Module_ThatIsNotLoaded_IsTold()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15);

        AssertFailed(
            "driver",
            "The driver vfio-pci is not loaded.",
            "The kernel cannot give the device to a program; it is bound to mhi-pci-generic now.",
            "Load it and bind the device, as root: modprobe vfio-pci && mhi bind 0000:01:00.0");
    }

    [Fact]
    public void Group_ThatIsInTheKernelsUse_IsNotViable()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 15).Add("0000:01:00.1", "serial", 15);

        AssertFailed(
            "group",
            "0000:01:00.0 shares IOMMU group 15 with 0000:01:00.1 (bound to serial).",
            "The IOMMU cannot tell the functions of a group apart, so the kernel gives a group to programs as a whole or not at all.",
            "If nothing needs them, bind all of them: mhi bind 0000:01:00.0 0000:01:00.1. Otherwise put the device into another slot.");
    }

    [Fact]
    public void MemoryLimit_ThatIsLow_IsNoted()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 15);

        Assert.True(Check(new MemoryLimit(8L << 20)));
        Finding note = Find("memlock");
        Assert.Equal(FindingState.Note, note.State);
        Assert.Equal("8192 KiB may be locked", note.Seen);
        Assert.Equal("DMA memory counts against this limit: a few channels fit, all of them may not.", note.Meaning);
        Assert.Equal("Raise it: `ulimit -l unlimited`, LimitMEMLOCK=infinity in a systemd unit, or memlock in /etc/security/limits.conf.", note.Advice);
    }

    [Theory]
    [InlineData("CapEff:\t0000000000000000", "Max locked memory         8388608              8388608              bytes", 8388608L)]
    [InlineData("CapEff:\t0000000000004000", "Max locked memory         8388608              8388608              bytes", null)]
    [InlineData("CapEff:\t0000000000000000", "Max locked memory         unlimited            unlimited            bytes", null)]
    [InlineData("", "", null)]
    public void MemoryLimit_IsTheSoftLimit_UnlessTheCapabilityLiftsIt(string status, string limits, long? bytes) =>
        Assert.Equal(bytes, MemoryLimit.Read($"Limit  Soft\n{limits}\n", $"Name: x\n{status}\n").Bytes);

    public void Dispose() => _tree.Dispose();

    private bool Check(MemoryLimit memory = default) => HostChecks.Run(_tree.Bus, s_modem, null, memory, _report);

    private Finding Find(string step) => _report.Findings.Single(finding => finding.Step == step);

    private void AssertFailed(string step, string seen, string meaning, string advice)
    {
        Assert.False(Check());
        Assert.Equal(Finding.NotSetUp(step, seen, meaning, advice), _report.Failure);
        Assert.Equal(ExitCode.NotSetUp, _report.ExitCode);
    }
}
