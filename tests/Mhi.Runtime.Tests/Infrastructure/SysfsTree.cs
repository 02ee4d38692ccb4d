using System;
using System.Globalization;
using System.IO;
using Mhi.Pci;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>A directory that looks like sysfs: PCI functions, drivers and IOMMU groups as a test wants them.</summary>
public sealed class SysfsTree : IDisposable
{
    /// <summary>Address of the modem most tests are about.</summary>
    public const string Modem = "0000:01:00.0";

    private readonly string _root = Directory.CreateTempSubdirectory("mhi-sysfs-").FullName;

    public SysfsTree()
    {
        Directory.CreateDirectory(InRoot("bus/pci/devices"));
        Directory.CreateDirectory(InRoot("bus/pci/drivers"));
        Directory.CreateDirectory(InRoot("kernel/iommu_groups"));
        Write("bus/pci/drivers_probe", "");
    }

    public string Root => _root;

    public PciBus Bus => new(_root);

    public string InRoot(string path) => Path.Combine(_root, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(InRoot(path))!);
        File.WriteAllText(InRoot(path), text);
    }

    public string Read(string path) => File.ReadAllText(InRoot(path));

    /// <summary>Adds a function; a Foxconn T99W175 unless another identity is given.</summary>
    public SysfsTree Add(string address = Modem, string? driver = null, int? group = null, string identity = "105b:e0ab", string pciClass = "0xff0000")
    {
        string[] ids = identity.Split(':');
        Set(address, "vendor", "0x" + ids[0]);
        Set(address, "device", "0x" + ids[1]);
        Set(address, "subsystem_vendor", "0x" + ids[0]);
        Set(address, "subsystem_device", "0x" + ids[1]);
        Set(address, "class", pciClass);
        Set(address, "driver_override", "(null)");
        if (driver is not null)
        {
            Bind(address, driver);
        }

        if (group is { } number)
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"kernel/iommu_groups/{number}");
            Directory.CreateDirectory(InRoot(folder + "/devices"));
            Link(DeviceOf(address) + "/iommu_group", InRoot(folder));
            Link($"{folder}/devices/{address}", InRoot(DeviceOf(address)));
        }

        return this;
    }

    /// <summary>Sets a file of a function.</summary>
    public SysfsTree Set(string address, string file, string text)
    {
        Write($"{DeviceOf(address)}/{file}", text + "\n");
        return this;
    }

    public SysfsTree SetBytes(string address, string file, byte[] bytes)
    {
        File.WriteAllBytes(InRoot($"{DeviceOf(address)}/{file}"), bytes);
        return this;
    }

    /// <summary>Adds a driver, as loading its module does.</summary>
    public SysfsTree AddDriver(string driver)
    {
        Directory.CreateDirectory(InRoot("bus/pci/drivers/" + driver));
        Write($"bus/pci/drivers/{driver}/unbind", "");
        return this;
    }

    public void Bind(string address, string driver)
    {
        AddDriver(driver);
        Unbind(address);
        Link(DeviceOf(address) + "/driver", InRoot("bus/pci/drivers/" + driver));
    }

    public void Unbind(string address) => File.Delete(InRoot(DeviceOf(address) + "/driver"));

    public string? DriverOf(string address) => Path.GetFileName(new FileInfo(InRoot(DeviceOf(address) + "/driver")).LinkTarget);

    public void Remove(string address) => Directory.Delete(InRoot(DeviceOf(address)), recursive: true);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string DeviceOf(string address) => "bus/pci/devices/" + address;

    private void Link(string path, string target) => File.CreateSymbolicLink(InRoot(path), target);
}
