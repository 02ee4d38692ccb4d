using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;

namespace Mhi.Pci;

/// <summary>Reads the directory of a function in sysfs. It may vanish at any moment, and then says nothing more.</summary>
internal static class PciDeviceReader
{
    private const int BarCount = 6;
    private const ulong ResourceMemory = 0x200;
    private const uint ClassPciBridge = 0x0604;
    private const int SubclassShift = 8;

    // Configuration space, PCI Local Bus Specification 3.0 chapter 6.
    private const int ConfigurationLength = 256;
    private const int Command = 0x04;
    private const int CommandBusMaster = 0x4;
    private const int Status = 0x06;
    private const int StatusHasCapabilities = 0x10;
    private const int FirstCapability = 0x34;
    private const int HeaderLength = 0x40;
    private const int CapabilityMsi = 0x05;
    private const int CapabilityMsiX = 0x11;

    /// <summary>Reads a function.</summary>
    /// <param name="address">Where it sits.</param>
    /// <param name="path">Its directory.</param>
    /// <returns>What could be read.</returns>
    internal static PciDevice Read(PciAddress address, string path)
    {
        Span<byte> configuration = stackalloc byte[ConfigurationLength];
        configuration = configuration[..SysfsFile.Bytes(Path.Combine(path, "config"), configuration)];
        (int? msi, int? msiX) = ReadVectors(configuration);
        int? group = SysfsFile.Number(SysfsFile.LinkName(Path.Combine(path, "iommu_group")));
        return new PciDevice
        {
            Address = address,
            Path = path,
            Identity = new PciIdentity(Word("vendor"), Word("device"), Word("subsystem_vendor"), Word("subsystem_device")),
            Class = (uint)(SysfsFile.Hexadecimal(Text("class")) ?? 0),
            Driver = SysfsFile.LinkName(Path.Combine(path, "driver")),

            // What the kernel prints when there is none.
            DriverOverride = Text("driver_override") is { } name and not "(null)" ? name : null,
            IommuGroup = group,
            GroupMembers = group is null ? [] : ReadGroup(Path.Combine(path, "iommu_group/devices")),
            ResetMethods = [.. (Text("reset_method") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            Link = ReadLink(path),
            Bars = ReadBars(Text("resource")),
            IsEnabled = SysfsFile.Number(Text("enable")) is { } count ? count > 0 : null,
            PowerState = Text("power_state"),
            IsBusMaster = configuration.Length < HeaderLength ? null
                : (BinaryPrimitives.ReadUInt16LittleEndian(configuration[Command..]) & CommandBusMaster) != 0,
            MsiVectors = msi,
            MsiXVectors = msiX,
            VfioDeviceName = SysfsFile.Names(Path.Combine(path, "vfio-dev")) is [var first, ..] ? first : null,
        };

        string? Text(string file) => SysfsFile.Text(Path.Combine(path, file));

        ushort Word(string file) => (ushort)(SysfsFile.Hexadecimal(Text(file)) ?? 0);
    }

    private static ImmutableArray<PciGroupMember> ReadGroup(string folder)
    {
        var members = ImmutableArray.CreateBuilder<PciGroupMember>();
        foreach (string name in SysfsFile.Names(folder))
        {
            string path = Path.Combine(folder, name);
            ulong pciClass = SysfsFile.Hexadecimal(SysfsFile.Text(Path.Combine(path, "class"))) ?? 0;
            members.Add(new PciGroupMember(name, SysfsFile.LinkName(Path.Combine(path, "driver")), pciClass >> SubclassShift == ClassPciBridge));
        }

        return members.ToImmutable();
    }

    private static PciLink? ReadLink(string path)
    {
        double? speed = Speed("current_link_speed");
        int? width = Width("current_link_width");
        double? maxSpeed = Speed("max_link_speed");
        int? maxWidth = Width("max_link_width");
        return speed is null && width is null && maxSpeed is null && maxWidth is null ? null : new PciLink(speed, width, maxSpeed, maxWidth);

        // "8.0 GT/s PCIe", or "Unknown".
        double? Speed(string file) =>
            SysfsFile.Text(Path.Combine(path, file)) is { } text
            && double.TryParse(text.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : null;

        // 255 stands for unknown.
        int? Width(string file) => SysfsFile.Number(SysfsFile.Text(Path.Combine(path, file))) is { } lanes and >= 0 and < 255 ? lanes : null;
    }

    // A line per resource: first address, last address, flags. Those after the sixth are no base address registers.
    private static ImmutableArray<PciBar> ReadBars(string? text)
    {
        var bars = ImmutableArray.CreateBuilder<PciBar>();
        string[] lines = (text ?? "").Split('\n');
        for (int index = 0; index < Math.Min(lines.Length, BarCount); index++)
        {
            if (lines[index].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, var last, var flags, ..]
                && SysfsFile.Hexadecimal(first) is { } start && SysfsFile.Hexadecimal(last) is { } end && end > start)
            {
                bars.Add(new PciBar(index, end - start + 1, (SysfsFile.Hexadecimal(flags) & ResourceMemory) != 0));
            }
        }

        return bars.ToImmutable();
    }

    // Without privileges the kernel shows the header only, and the capabilities begin behind it.
    private static (int? Msi, int? MsiX) ReadVectors(ReadOnlySpan<byte> configuration)
    {
        if (configuration.Length < HeaderLength)
        {
            return (null, null);
        }

        if ((BinaryPrimitives.ReadUInt16LittleEndian(configuration[Status..]) & StatusHasCapabilities) == 0)
        {
            return (0, 0);
        }

        if (configuration.Length < ConfigurationLength)
        {
            return (null, null);
        }

        (int msi, int msiX) = (0, 0);
        int place = configuration[FirstCapability] & ~3;

        // A list that runs in a circle ends when every place has been seen.
        for (int seen = 0; place >= HeaderLength && seen < ConfigurationLength / sizeof(uint); seen++)
        {
            ushort control = BinaryPrimitives.ReadUInt16LittleEndian(configuration[(place + 2)..]);
            switch (configuration[place])
            {
                case CapabilityMsi:
                    msi = 1 << ((control >> 1) & 7);
                    break;
                case CapabilityMsiX:
                    msiX = (control & 0x7ff) + 1;
                    break;
                default:
                    break;
            }

            place = configuration[place + 1] & ~3;
        }

        return (msi, msiX);
    }
}
