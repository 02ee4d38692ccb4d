namespace Mhi.Endpoint.VfioUser;

/// <summary>Where things are in the configuration space of the function, and the bits that mean something to it.</summary>
internal static class ConfigLayout
{
    internal const int Length = 4096;

    internal const int VendorId = 0x00;
    internal const int DeviceId = 0x02;
    internal const int Command = 0x04;
    internal const int Status = 0x06;
    internal const int ClassCode = 0x09;
    internal const int Bar0 = 0x10;
    internal const int SubsystemVendorId = 0x2c;
    internal const int SubsystemId = 0x2e;
    internal const int CapabilityPointer = 0x34;
    internal const int InterruptLine = 0x3c;

    internal const int PowerManagement = 0x40;
    internal const int PowerStatus = PowerManagement + 4;
    internal const int Msi = 0x50;
    internal const int MsiControl = Msi + 2;
    internal const int MsiAddress = Msi + 4;
    internal const int MsiData = Msi + 12;
    internal const int MsiMask = Msi + 16;
    internal const int PciExpress = 0x70;
    internal const int DeviceControl = PciExpress + 8;
    internal const int DeviceStatus = PciExpress + 10;
    internal const int LinkControl = PciExpress + 16;
    internal const int DeviceControl2 = PciExpress + 40;
    internal const int LinkControl2 = PciExpress + 48;

    internal const ushort CommandMemory = 1 << 1;
    internal const ushort CommandBusMaster = 1 << 2;

    // Memory, bus master, parity, SERR, interrupt disable; I/O space and the rest do not exist.
    internal const ushort CommandWritable = 0x0546;
    internal const ushort StatusCapabilities = 1 << 4;

    internal const ushort PowerStateMask = 3;
    internal const ushort PowerStateHot = 3;
    internal const ushort PowerEventEnable = 1 << 8;
    internal const ushort PowerEventStatus = 1 << 15;
    internal const ushort NoSoftReset = 1 << 3;

    // Version 3, PME from D3hot.
    internal const ushort PowerCapabilities = 0x4003;

    internal const ushort MsiEnable = 1;
    internal const ushort MsiMultipleEnable = 7 << 4;

    // 64-bit addresses, 32 vectors.
    internal const ushort MsiCapabilities = 0x008a;
    internal const ushort MsiMaskable = 1 << 8;
    internal const int MsiVectors = 32;

    internal const ushort FunctionReset = 1 << 15;

    // Relaxed ordering, no snoop, read requests up to 512 bytes.
    internal const ushort DeviceControlDefault = 0x2810;
}
