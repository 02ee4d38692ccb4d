using System;
using System.Linq;
using Mhi.Pci;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Pci;

public sealed class PciBusTests : IDisposable
{
    private static readonly PciAddress s_modem = new(0, 1, 0, 0);

    private readonly SysfsTree _tree = new();

    [Fact]
    public void Addresses_AreInOrder_AndWhatIsNoFunctionIsLeftOut()
    {
        _tree.Add("10000:01:00.0").Add("0000:02:00.0").Add("0000:01:00.1").Add("0000:01:00.0").Add("garbage");

        Assert.Equal(
            ["0000:01:00.0", "0000:01:00.1", "0000:02:00.0", "10000:01:00.0"], _tree.Bus.Addresses().Select(address => address.ToString()));
    }

    [Fact]
    public void TryRead_OfAModem_SaysAllThatSysfsSays()
    {
        _tree.Add(driver: PciDevice.VfioDriver, group: 15)
            .Set(SysfsTree.Modem, "driver_override", "vfio-pci")
            .Set(SysfsTree.Modem, "reset_method", "flr bus")
            .Set(SysfsTree.Modem, "current_link_speed", "8.0 GT/s PCIe")
            .Set(SysfsTree.Modem, "current_link_width", "1")
            .Set(SysfsTree.Modem, "max_link_speed", "16.0 GT/s PCIe")
            .Set(SysfsTree.Modem, "max_link_width", "2")
            .Set(SysfsTree.Modem, "resource", "0x00000000fe000000 0x00000000fe000fff 0x0000000000140204\n0x0 0x0 0x0\n0x00000000fe001000 0x00000000fe001fff 0x0000000000140204")
            .Set(SysfsTree.Modem, "enable", "1")
            .Set(SysfsTree.Modem, "power_state", "D0")
            .Set(SysfsTree.Modem, "vfio-dev/vfio3/dev", "511:3")
            .SetBytes(SysfsTree.Modem, "config", Configuration());

        Assert.True(_tree.Bus.TryRead(s_modem, out PciDevice? device));
        Assert.Equal(new PciIdentity(0x105b, 0xe0ab, 0x105b, 0xe0ab), device.Identity);
        Assert.Equal(0xff0000u, device.Class);
        Assert.True(device.IsBoundToVfio);
        Assert.Equal("vfio-pci", device.DriverOverride);
        Assert.Equal(15, device.IommuGroup);
        Assert.Equal(new PciGroupMember(SysfsTree.Modem, "vfio-pci", false), Assert.Single(device.GroupMembers));
        Assert.Equal("flr bus", string.Join(" ", device.ResetMethods));
        Assert.Equal("8 GT/s x1 of 16 GT/s x2", device.Link?.ToString());
        Assert.Equal<PciBar[]>([new PciBar(0, 0x1000, true), new PciBar(2, 0x1000, true)], [.. device.Bars]);
        Assert.True(device.IsEnabled);
        Assert.Equal("D0", device.PowerState);
        Assert.Equal("vfio3", device.VfioDeviceName);
        Assert.True(device.IsBusMaster);
        Assert.Equal(8, device.MsiVectors);
        Assert.Equal(16, device.MsiXVectors);
    }

    [Fact]
    public void TryRead_OfNothingButADirectory_SaysNothing()
    {
        _tree.Set(SysfsTree.Modem, "uevent", "");

        Assert.True(_tree.Bus.TryRead(s_modem, out PciDevice? device));
        Assert.Equal(default, device.Identity);
        Assert.Null(device.Driver);
        Assert.Null(device.IommuGroup);
        Assert.Null(device.Link);
        Assert.Null(device.IsEnabled);
        Assert.Null(device.MsiVectors);
        Assert.Empty(device.Bars);
        Assert.Empty(device.ResetMethods);
    }

    [Fact]
    public void TryRead_OfGarbage_SaysNothing()
    {
        _tree.Add();
        foreach (string file in (string[])["vendor", "class", "resource", "enable", "current_link_speed", "max_link_width", "power_state"])
        {
            _tree.Set(SysfsTree.Modem, file, "Unknown speed\0 -- 0xzz 99999999999999999999");
        }

        Assert.True(_tree.Bus.TryRead(s_modem, out PciDevice? device));
        Assert.Equal(0, device.Identity.Vendor);
        Assert.Equal(0u, device.Class);
        Assert.Empty(device.Bars);
        Assert.Null(device.IsEnabled);
        Assert.Null(device.Link);
    }

    [Fact]
    public void TryRead_OfCapabilitiesInACircle_Ends()
    {
        byte[] configuration = Configuration();
        configuration[0x71] = 0x50;
        _tree.Add().SetBytes(SysfsTree.Modem, "config", configuration);

        Assert.True(_tree.Bus.TryRead(s_modem, out PciDevice? device));
        Assert.Equal(8, device.MsiVectors);
    }

    [Fact]
    public void TryRead_WithoutPrivileges_DoesNotKnowTheVectors()
    {
        _tree.Add().SetBytes(SysfsTree.Modem, "config", Configuration()[..64]);

        Assert.True(_tree.Bus.TryRead(s_modem, out PciDevice? device));
        Assert.Null(device.MsiVectors);
        Assert.True(device.IsBusMaster);
    }

    [Fact]
    public void TryRead_OfNoSuchFunction_IsFalse() => Assert.False(_tree.Bus.TryRead(s_modem, out _));

    [Fact]
    public void Blockers_AreTheOthersWhoseDriverDoesDma()
    {
        _tree.Add(driver: "mhi-pci-generic", group: 3)
            .Add("0000:00:1c.0", "pcieport", 3, pciClass: "0x060400")
            .Add("0000:01:00.1", null, 3)
            .Add("0000:01:00.2", "vfio-pci", 3)
            .Add("0000:01:00.3", "pci-stub", 3)
            .Add("0000:01:00.4", "serial", 3);

        Assert.True(_tree.Bus.TryRead(s_modem, out PciDevice? device));
        Assert.Equal(new PciGroupMember("0000:01:00.4", "serial", false), Assert.Single(device.Blockers));
    }

    [Fact]
    public void HasIommu_OnlyWithAGroup()
    {
        Assert.False(_tree.Bus.HasIommu);
        _tree.Add(group: 0);
        Assert.True(_tree.Bus.HasIommu);
    }

    public void Dispose() => _tree.Dispose();

    // Bus master; MSI of 8 vectors at 0x50, MSI-X of 16 at 0x70.
    private static byte[] Configuration()
    {
        byte[] bytes = new byte[256];
        bytes[0x04] = 0x06;
        bytes[0x06] = 0x10;
        bytes[0x34] = 0x50;
        bytes[0x50] = 0x05;
        bytes[0x51] = 0x70;
        bytes[0x52] = 0x06;
        bytes[0x70] = 0x11;
        bytes[0x72] = 0x0f;
        return bytes;
    }
}
