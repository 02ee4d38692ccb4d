using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Mhi.Controller;
using Mhi.Pci;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Pci;

public sealed class PciBinderTests : IDisposable
{
    private const string Other = "0000:01:00.1";
    private static readonly PciAddress s_modem = new(0, 1, 0, 0);
    private static readonly PciAddress s_other = new(0, 1, 0, 1);

    private readonly SysfsTree _tree = new();
    private readonly BindingKernel _kernel;
    private readonly PciBinder _binder;

    public PciBinderTests()
    {
        _kernel = new BindingKernel(_tree);
        _binder = new PciBinder(_tree.Bus, _kernel.Write);
    }

    [Fact]
    public void Bind_OfABoundFunction_WritesTheSequence_AndUnbindUndoesIt()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).AddDriver(PciDevice.VfioDriver);

        _binder.Bind([s_modem], PciDevice.VfioDriver);

        Assert.Equal("vfio-pci", _tree.DriverOf(SysfsTree.Modem));
        Assert.Equal(
            [
                $"echo 0000:01:00.0 > {_tree.Root}/bus/pci/drivers/mhi-pci-generic/unbind",
                $"echo vfio-pci > {_tree.Root}/bus/pci/devices/0000:01:00.0/driver_override",
                $"echo 0000:01:00.0 > {_tree.Root}/bus/pci/drivers_probe",
            ],
            _kernel.Writes.Select(write => write.ToString()));

        _kernel.Writes.Clear();
        Assert.Equal("mhi-pci-generic", _binder.Unbind(s_modem));
        Assert.Equal(
            [
                $"echo 0000:01:00.0 > {_tree.Root}/bus/pci/drivers/vfio-pci/unbind",
                $"echo > {_tree.Root}/bus/pci/devices/0000:01:00.0/driver_override",
                $"echo 0000:01:00.0 > {_tree.Root}/bus/pci/drivers_probe",
            ],
            _kernel.Writes.Select(write => write.ToString()));
    }

    [Fact]
    public void Plans_AreWhatIsWritten_AndWriteNothing()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).AddDriver(PciDevice.VfioDriver);
        ImmutableArray<SysfsWrite> plan = _binder.PlanBind([s_modem], PciDevice.VfioDriver);
        Assert.Empty(_kernel.Writes);

        _binder.Bind([s_modem], PciDevice.VfioDriver);

        Assert.Equal(plan, _kernel.Writes.ToImmutableArray(), (left, right) => left.SequenceEqual(right));
    }

    [Fact]
    public void Bind_OfWhatIsBoundAlready_WritesNothing()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 15);

        _binder.Bind([s_modem], PciDevice.VfioDriver);

        Assert.Empty(_kernel.Writes);
    }

    [Fact]
    public void Bind_OfAFunctionWithoutADriver_UnbindsNothing()
    {
        _tree.Add(group: 15).AddDriver(PciDevice.VfioDriver);

        _binder.Bind([s_modem], PciDevice.VfioDriver);

        Assert.Equal(2, _kernel.Writes.Count);
        Assert.Equal("vfio-pci", _tree.DriverOf(SysfsTree.Modem));
    }

    [Fact]
    public void Bind_OfNoSuchFunction_IsRefused() => AssertRefused(
        MhiErrorCode.DeviceNotFound,
        "There is no PCI function 0000:01:00.0. The address is wrong, or the device has no power, has fallen off the bus or was never found by the kernel. Look for it with `mhi list` or `lspci -nn`; if it should be there, check slot and power, and try `echo 1 > /sys/bus/pci/rescan`.");

    [Fact]
    public void Bind_WithoutAPciBus_IsRefused()
    {
        Directory.Delete(_tree.InRoot("bus"), recursive: true);

        AssertRefused(
            MhiErrorCode.DeviceNotFound,
            $"There is no PCI bus in {_tree.Root}. This machine, or this container, has no PCI devices. Run this on the machine that the device is in, with sysfs mounted.");
    }

    [Fact]
    public void Bind_WithoutAnIommu_IsRefused()
    {
        _tree.Add(driver: "mhi-pci-generic").AddDriver(PciDevice.VfioDriver);

        AssertRefused(
            MhiErrorCode.NoIommu,
            "0000:01:00.0 has no IOMMU group: no IOMMU is switched on. Nothing would keep the device from reading and writing all memory, and vfio-pci refuses such a device. Enable VT-d, AMD-Vi or the SMMU in the firmware set-up; if it is enabled, boot with intel_iommu=on.");
    }

    [Fact]
    public void Bind_WithoutTheModule_IsRefused()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15);

        AssertRefused(
            MhiErrorCode.TransportUnavailable, "The driver vfio-pci is not loaded. The kernel cannot bind a device to it. Load it: modprobe vfio-pci");
    }

    [Fact]
    public void Bind_ThatLeavesTheGroupInUse_IsRefused_UnlessAllAreBound()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).Add(Other, "serial", 15).AddDriver(PciDevice.VfioDriver);

        AssertRefused(
            MhiErrorCode.GroupNotViable,
            "0000:01:00.0 shares IOMMU group 15 with 0000:01:00.1 (bound to serial). The IOMMU cannot tell the functions of a group apart, so the kernel gives a group to programs as a whole or not at all. If nothing needs them, bind all of them: mhi bind 0000:01:00.0 0000:01:00.1. Otherwise put the device into another slot.");

        _binder.Bind([s_modem, s_other], PciDevice.VfioDriver);
        Assert.Equal("vfio-pci", _tree.DriverOf(SysfsTree.Modem));
        Assert.Equal("vfio-pci", _tree.DriverOf(Other));
    }

    [Fact]
    public void Bind_WithoutPermission_ChangesNothing()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).AddDriver(PciDevice.VfioDriver);
        _kernel.Before = _ => throw new UnauthorizedAccessException();

        AssertRefused(
            MhiErrorCode.PermissionDenied,
            "Only root may bind 0000:01:00.0 to another driver: the write to sysfs was refused. Run the command with sudo. Everything is as it was before.");
        Assert.Equal("mhi-pci-generic", _tree.DriverOf(SysfsTree.Modem));
    }

    [Theory]
    [InlineData("driver_override")]
    [InlineData("drivers_probe")]
    public void Bind_WhoseStepFails_IsTakenBack(string step)
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).AddDriver(PciDevice.VfioDriver);
        bool failed = false;
        _kernel.Before = write =>
        {
            if (!failed && write.Path.EndsWith(step, StringComparison.Ordinal))
            {
                failed = true;
                throw new IOException("Device or resource busy");
            }
        };

        MhiException exception = Assert.Throws<MhiException>(() => _binder.Bind([s_modem], PciDevice.VfioDriver));

        Assert.Equal(
            "The kernel refused a step of binding 0000:01:00.0: Device or resource busy. The kernel log may say more (dmesg). Everything is as it was before.",
            exception.Message);
        Assert.Equal("mhi-pci-generic", _tree.DriverOf(SysfsTree.Modem));
        Assert.Equal("(null)", _tree.Read($"bus/pci/devices/{SysfsTree.Modem}/driver_override").Trim());
    }

    [Fact]
    public void Bind_ThatTheDriverRefuses_IsFoundOut_AndAllAreTakenBack()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).Add(Other, null, 15).AddDriver(PciDevice.VfioDriver);
        _kernel.Before = write => _kernel.RefusingDriver = write.Value == Other ? PciDevice.VfioDriver : null;

        MhiException exception = Assert.Throws<MhiException>(() => _binder.Bind([s_modem, s_other], PciDevice.VfioDriver));

        Assert.Equal(
            "The kernel took every step, but 0000:01:00.1 is bound to no driver and not to vfio-pci: the driver refused it. The kernel log says why (dmesg); error -22 from vfio-pci stands for a device without an IOMMU. Everything is as it was before.",
            exception.Message);
        Assert.Equal("mhi-pci-generic", _tree.DriverOf(SysfsTree.Modem));
        Assert.Null(_tree.DriverOf(Other));
    }

    [Fact]
    public void Bind_ThatCannotBeTakenBack_SaysWhatIsLeft()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).AddDriver(PciDevice.VfioDriver);
        _kernel.Before = write =>
        {
            if (write.Path.EndsWith("drivers_probe", StringComparison.Ordinal))
            {
                throw new IOException("Input/output error");
            }
        };

        MhiException exception = Assert.Throws<MhiException>(() => _binder.Bind([s_modem], PciDevice.VfioDriver));

        Assert.EndsWith(
            " It could not be taken back: 0000:01:00.0 is bound to no driver (before: mhi-pci-generic) and its driver_override is empty (before: empty).",
            exception.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_OfAFunctionThatLeavesMeanwhile_SaysSo()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15).AddDriver(PciDevice.VfioDriver);
        _kernel.Before = write =>
        {
            if (write.Value == PciDevice.VfioDriver)
            {
                _tree.Remove(SysfsTree.Modem);
                throw new FileNotFoundException("Could not find file.");
            }
        };

        MhiException exception = Assert.Throws<MhiException>(() => _binder.Bind([s_modem], PciDevice.VfioDriver));

        Assert.EndsWith(" 0000:01:00.0 has left the bus meanwhile.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_ToADriverOfTheKernel_NeedsNoIommu()
    {
        _tree.Add().AddDriver("mhi-pci-generic");

        _binder.Bind([s_modem], "mhi-pci-generic");

        Assert.Equal("mhi-pci-generic", _tree.DriverOf(SysfsTree.Modem));
    }

    [Fact]
    public void Unbind_OfAFunctionThatVfioDoesNotHave_IsRefused()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 15);

        MhiException exception = Assert.Throws<MhiException>(() => _binder.Unbind(s_modem));

        Assert.Equal(
            "0000:01:00.0 is bound to mhi-pci-generic already, which is not a driver of VFIO. There is nothing to undo.", exception.Message);
        Assert.Empty(_kernel.Writes);
    }

    [Fact]
    public void Unbind_WhoseDriverIsNotLoaded_LeavesNone()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 15).Set(SysfsTree.Modem, "driver_override", "vfio-pci");

        Assert.Null(_binder.Unbind(s_modem));
        Assert.Equal("(null)", _tree.Read($"bus/pci/devices/{SysfsTree.Modem}/driver_override").Trim());
    }

    [Fact]
    public void SysfsWrite_GoesToTheFileAtOnce_AndMakesNone()
    {
        _tree.Add(group: 15).AddDriver(PciDevice.VfioDriver);

        MhiException exception = Assert.Throws<MhiException>(() => new PciBinder(_tree.Bus).Bind([s_modem], PciDevice.VfioDriver));

        // A tree without a kernel: every write works, and nothing comes of it.
        Assert.Contains("is bound to no driver and not to vfio-pci", exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(SysfsTree.Modem, _tree.Read("bus/pci/drivers_probe"), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => SysfsFile.Write(new SysfsWrite(_tree.InRoot("nothing"), "x")));
    }

    public void Dispose() => _tree.Dispose();

    private void AssertRefused(MhiErrorCode code, string sentence)
    {
        MhiException exception = Assert.Throws<MhiException>(() => _binder.Bind([s_modem], PciDevice.VfioDriver));
        Assert.Equal(sentence, exception.Message);
        Assert.Equal(code, exception.Code);
        Assert.Empty(_kernel.Writes);
    }
}
