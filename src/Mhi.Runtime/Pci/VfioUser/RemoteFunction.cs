using System;
using System.Buffers.Binary;
using Mhi.Controller;
using Mhi.Pci.VfioUser.Protocol;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Pci.VfioUser;

/// <summary>What a server offers, as asked once after VERSION.</summary>
/// <param name="Identity">Vendor and device numbers.</param>
/// <param name="Bar">Its BAR 0.</param>
/// <param name="InterruptKind">MSI or MSI-X.</param>
/// <param name="VectorCount">How many vectors of it.</param>
/// <param name="HasReset">Whether DEVICE_RESET is served.</param>
/// <param name="DeviceControl">Where in configuration space a function level reset is started; 0 when there is none.</param>
internal sealed record RemoteFunction(
    PciIdentity Identity, RegionDescription Bar, int InterruptKind, uint VectorCount, bool HasReset, int DeviceControl)
{
    private const int ConfigHeader = 256;
    private const uint LeastRegions = ConfigRegion + 1;
    private const uint LeastInterruptKinds = MsiXKind + 1;

    private const int StatusRegister = 0x06;
    private const int HeaderType = 0x0e;
    private const int SubsystemVendor = 0x2c;
    private const int SubsystemDevice = 0x2e;
    private const int CapabilityPointer = 0x34;
    private const ushort StatusHasCapabilities = 1 << 4;
    private const byte PciExpressCapability = 0x10;
    private const uint HasFunctionReset = 1u << 28;

    /// <summary>Asks the server.</summary>
    /// <param name="commands">The way to it.</param>
    /// <param name="capabilities">What it said of itself.</param>
    /// <returns>What it offers; the caller disposes the file of the BAR.</returns>
    /// <exception cref="MhiException">It offers no function that MHI could run on.</exception>
    internal static RemoteFunction Ask(ServerCommands commands, PeerCapabilities capabilities)
    {
        string peer = commands.Connection.Peer;
        (uint flags, uint regions, uint kinds) = commands.GetDevice();
        if ((flags & DeviceIsPci) == 0 || regions < LeastRegions || kinds < LeastInterruptKinds)
        {
            throw new MhiException(
                MhiErrorCode.NotAnMhiDevice, $"{peer} has a device with flags 0x{flags:x}, {regions} regions and {kinds} kinds of interrupts; that is no PCI function.");
        }

        byte[] config = ReadConfig(commands, capabilities, peer);
        var identity = new PciIdentity(Short(config, 0), Short(config, 2), Short(config, SubsystemVendor), Short(config, SubsystemDevice));
        if (identity.Vendor == ushort.MaxValue || (config[HeaderType] & 0x7f) != 0)
        {
            throw new MhiException(
                MhiErrorCode.NotAnMhiDevice, $"{peer} has the function {identity} with header type 0x{config[HeaderType]:x}; that is no endpoint of PCI.");
        }

        (int kind, uint vectors) = ChooseInterrupts(commands, peer);
        RegionDescription bar = commands.GetRegion(BarRegion);
        if (bar.Length is < sizeof(uint) or > int.MaxValue || (bar.Flags & (RegionReadable | RegionWritable)) != (RegionReadable | RegionWritable))
        {
            bar.File?.Dispose();
            throw new MhiException(
                MhiErrorCode.NotAnMhiDevice, $"{peer} has the function {identity}, whose BAR 0 has {bar.Length} bytes and flags 0x{bar.Flags:x}; MHI registers need one that can be read and written.");
        }

        return new RemoteFunction(identity, bar, kind, vectors, (flags & DeviceHasReset) != 0, FindFunctionReset(config));
    }

    private static byte[] ReadConfig(ServerCommands commands, PeerCapabilities capabilities, string peer)
    {
        RegionDescription region = commands.GetRegion(ConfigRegion);
        region.File?.Dispose();
        if (region.Length < ConfigHeader || capabilities.MaxTransfer < sizeof(uint))
        {
            throw new MhiException(
                MhiErrorCode.NotAnMhiDevice, $"{peer} has {region.Length} bytes of configuration space and moves {capabilities.MaxTransfer} at a time; {ConfigHeader} and {sizeof(uint)} are the least.");
        }

        byte[] config = new byte[ConfigHeader];
        int piece = Math.Min(capabilities.MaxTransfer, ConfigHeader) & -sizeof(uint);
        for (int offset = 0; offset < ConfigHeader; offset += piece)
        {
            commands.ReadConfig(offset, config.AsSpan(offset, Math.Min(piece, ConfigHeader - offset)));
        }

        return config;
    }

    // MSI is what an MHI device has; MSI-X where it has more of that.
    private static (int Kind, uint Vectors) ChooseInterrupts(ServerCommands commands, string peer)
    {
        uint msi = commands.GetVectors(MsiKind);
        uint msiX = commands.GetVectors(MsiXKind);
        if (msi == 0 && msiX == 0)
        {
            throw new MhiException(
                MhiErrorCode.NoInterrupts, $"{peer} has a function without MSI and MSI-X vectors that can have event descriptors; a device without interrupts cannot be driven.");
        }

        return msi >= msiX ? (MsiKind, msi) : (MsiXKind, msiX);
    }

    private static int FindFunctionReset(ReadOnlySpan<byte> config)
    {
        // As many as fit: a chain that leads back to itself ends, too.
        int place = (Short(config, StatusRegister) & StatusHasCapabilities) != 0 ? config[CapabilityPointer] & ~3 : 0;
        for (int i = 0; i < ConfigHeader / sizeof(uint) && place is >= 0x40 and <= ConfigHeader - 12; i++)
        {
            if (config[place] == PciExpressCapability)
            {
                return (Word(config, place + 4) & HasFunctionReset) != 0 ? place + 8 : 0;
            }

            place = config[place + 1] & ~3;
        }

        return 0;
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
}
