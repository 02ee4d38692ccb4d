using System;
using System.IO;
using Mhi.Controller;
using Mhi.Pci;
using Mhi.Pci.Vfio;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Pci.Vfio;

/// <summary>Opening a function on machines that are not ready for it, made of directories.</summary>
public sealed class VfioOpeningTests : IDisposable
{
    private readonly SysfsTree _tree = new();
    private readonly string _nodes = Directory.CreateTempSubdirectory("mhi-dev-").FullName;

    public void Dispose()
    {
        _tree.Dispose();
        Directory.Delete(_nodes, recursive: true);
    }

    [Fact]
    public void Open_WhenThereIsNoSuchFunction_SaysSo() =>
        AssertRefused(MhiErrorCode.DeviceNotFound, "There is no PCI function 0000:01:00.0.");

    [Fact]
    public void Open_OfAFunctionThatNoProfileKnows_AsksForOne()
    {
        _ = _tree.Add(driver: "vfio-pci", group: 7, identity: "1234:11e8");
        AssertRefused(MhiErrorCode.NotAnMhiDevice, "1234:11e8");

        // Named, it goes on to the next obstacle.
        AssertRefused(MhiErrorCode.TransportUnavailable, "modprobe vfio-pci", KnownProfiles.FoxconnT99W175);
    }

    [Fact]
    public void Open_WithoutAnIommuGroup_AsksForAnIommu()
    {
        _ = _tree.Add(driver: "mhi-pci-generic");
        AssertRefused(MhiErrorCode.NoIommu, "0000:01:00.0 has no IOMMU group");
    }

    [Fact]
    public void Open_WhenAnotherDriverHasIt_NamesTheDriver()
    {
        _ = _tree.Add(driver: "mhi-pci-generic", group: 7).AddDriver("vfio-pci");
        AssertRefused(MhiErrorCode.NotBound, "0000:01:00.0 is bound to mhi-pci-generic. The kernel's driver uses it; only vfio-pci hands a device to a program. Bind it, as root: mhi bind 0000:01:00.0");
    }

    [Fact]
    public void Open_WhenNoDriverHasIt_SaysNone()
    {
        _ = _tree.Add(group: 7).AddDriver("vfio-pci");
        AssertRefused(MhiErrorCode.NotBound, "0000:01:00.0 is bound to no driver.");
    }

    [Fact]
    public void Open_WithoutTheModule_SaysHowToLoadIt()
    {
        _ = _tree.Add(driver: "mhi-pci-generic", group: 7);
        AssertRefused(MhiErrorCode.TransportUnavailable, "The driver vfio-pci is not loaded. The kernel cannot bind a device to it. Load it: modprobe vfio-pci");
    }

    [Fact]
    public void Open_WhenTheContainerIsNoContainer_SaysWhatIsMissing()
    {
        _ = _tree.Add(driver: "vfio-pci", group: 7);
        AddNode("vfio/vfio");
        AddNode("vfio/7");
        AssertRefused(MhiErrorCode.TransportUnavailable, "modprobe vfio_iommu_type1");
    }

    [Fact]
    public void Open_ThroughIommufd_WhenTheKernelHasNone_SaysSo()
    {
        _ = _tree.Add(driver: "vfio-pci", group: 7);
        AssertRefused(MhiErrorCode.TransportUnavailable, "/iommu. Load the module iommufd", choice: VfioInterface.Iommufd);
    }

    [Fact]
    public void Options_WithoutAVector_AreRefused() => Assert.Throws<ArgumentException>(
        () => VfioFunction.Open(new PciAddress(0, 1, 0, 0), options: new VfioOptions { MaxVectors = 0 }));

    private void AddNode(string name)
    {
        string path = Path.Combine(_nodes, name);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
    }

    private void AssertRefused(MhiErrorCode code, string text, DeviceProfile? profile = null, VfioInterface choice = VfioInterface.Any)
    {
        var exception = Assert.Throws<MhiException>(() => VfioFunction.Open(
            new PciAddress(0, 1, 0, 0), profile, new VfioOptions { Bus = _tree.Bus, DeviceNodes = _nodes, Interface = choice }));

        Assert.Equal(code, exception.Code);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
    }
}
