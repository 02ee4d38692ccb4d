using System;
using System.Buffers.Binary;
using Mhi.Endpoint.Registers;
using Mhi.Pci;

namespace Mhi.Endpoint.VfioUser;

/// <summary>
/// The 4 KiB of PCI Express configuration space of the function: identity, one 64-bit BAR, and the capabilities power
/// management, MSI and PCI Express. Bytes and masks; what a write means to the device is told to the caller.
/// </summary>
internal sealed class ConfigSpace
{
    private readonly byte[] _initial = new byte[ConfigLayout.Length];
    private readonly byte[] _bytes = new byte[ConfigLayout.Length];

    // Bits that a write replaces, and bits that a write of one clears.
    private readonly byte[] _writable = new byte[ConfigLayout.Length];
    private readonly byte[] _clearable = new byte[ConfigLayout.Length];

    internal ConfigSpace(PciIdentity identity, bool perVectorMask)
    {
        PutHeader(identity);
        PutPowerManagement();
        PutMsi(perVectorMask);
        PutPciExpress();
        Reset();
    }

    /// <summary>Command register.</summary>
    internal ushort Command => Word(ConfigLayout.Command);

    /// <summary>Power state, 0 or 3.</summary>
    internal int PowerState => Word(ConfigLayout.PowerStatus) & ConfigLayout.PowerStateMask;

    /// <summary>Whether the function may start DMA and interrupts.</summary>
    internal bool IsBusMaster => PowerState == 0 && (Command & ConfigLayout.CommandBusMaster) != 0;

    /// <summary>Whether the BAR answers.</summary>
    internal bool IsMemoryEnabled => PowerState == 0 && (Command & ConfigLayout.CommandMemory) != 0;

    /// <summary>Whether a range lies inside.</summary>
    /// <param name="offset">First byte; any number.</param>
    /// <param name="length">Number of bytes.</param>
    /// <returns>True if all bytes exist.</returns>
    internal static bool Contains(ulong offset, uint length) => offset <= ConfigLayout.Length && length <= ConfigLayout.Length - offset;

    /// <summary>Reads.</summary>
    /// <param name="offset">First byte, inside.</param>
    /// <param name="destination">Where to.</param>
    internal void Read(int offset, Span<byte> destination) => _bytes.AsSpan(offset, destination.Length).CopyTo(destination);

    /// <summary>Writes; what cannot be written keeps its value.</summary>
    /// <param name="offset">First byte, inside.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>What the device has to do now.</returns>
    internal ConfigEffects Write(int offset, ReadOnlySpan<byte> source)
    {
        ushort command = Command;
        int power = PowerState;
        for (int i = 0; i < source.Length; i++)
        {
            byte value = source[i];
            ref byte old = ref _bytes[offset + i];
            byte writable = _writable[offset + i];
            old = (byte)((old & ~writable & ~(value & _clearable[offset + i])) | (value & writable));
        }

        // D1 and D2 do not exist: such a write does not change the state.
        if (PowerState is 1 or 2)
        {
            SetWord(ConfigLayout.PowerStatus, (ushort)((Word(ConfigLayout.PowerStatus) & ~ConfigLayout.PowerStateMask) | power));
        }

        ConfigEffects effects = command != Command || power != PowerState ? ConfigEffects.Access : ConfigEffects.None;
        int high = ConfigLayout.DeviceControl + 1 - offset;
        return (uint)high < (uint)source.Length && (source[high] & (ConfigLayout.FunctionReset >> 8)) != 0
            ? effects | ConfigEffects.FunctionReset
            : effects;
    }

    /// <summary>Everything as after power on.</summary>
    internal void Reset() => _initial.CopyTo(_bytes.AsSpan());

    /// <summary>A 16-bit register.</summary>
    /// <param name="offset">Its first byte.</param>
    /// <returns>Its value.</returns>
    internal ushort Word(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(offset));

    private void SetWord(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(offset), value);

    private void Put(int offset, ushort value, ushort writable = 0, ushort clearable = 0)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_initial.AsSpan(offset), value);
        BinaryPrimitives.WriteUInt16LittleEndian(_writable.AsSpan(offset), writable);
        BinaryPrimitives.WriteUInt16LittleEndian(_clearable.AsSpan(offset), clearable);
    }

    private void PutDouble(int offset, uint value, uint writable = 0)
    {
        Put(offset, (ushort)value, (ushort)writable);
        Put(offset + 2, (ushort)(value >> 16), (ushort)(writable >> 16));
    }

    private void PutHeader(PciIdentity identity)
    {
        Put(ConfigLayout.VendorId, identity.Vendor);
        Put(ConfigLayout.DeviceId, identity.Device);
        Put(ConfigLayout.Command, 0, ConfigLayout.CommandWritable);
        Put(ConfigLayout.Status, ConfigLayout.StatusCapabilities);

        // Class 0xff0000: vendor specific.
        _initial[ConfigLayout.ClassCode + 2] = 0xff;

        // 64-bit memory, not prefetchable; address bits below the size read 0.
        PutDouble(ConfigLayout.Bar0, 0x4, ~(EndpointRegisters.Length - 1));
        PutDouble(ConfigLayout.Bar0 + 4, 0, uint.MaxValue);
        Put(ConfigLayout.SubsystemVendorId, identity.SubsystemVendor);
        Put(ConfigLayout.SubsystemId, identity.SubsystemDevice);
        Put(ConfigLayout.CapabilityPointer, ConfigLayout.PowerManagement);
        Put(ConfigLayout.InterruptLine, 0, 0x00ff);
    }

    private void PutPowerManagement()
    {
        Put(ConfigLayout.PowerManagement, 0x01 | (ConfigLayout.Msi << 8));
        Put(ConfigLayout.PowerManagement + 2, ConfigLayout.PowerCapabilities);
        Put(
            ConfigLayout.PowerStatus,
            ConfigLayout.NoSoftReset,
            ConfigLayout.PowerStateMask | ConfigLayout.PowerEventEnable,
            ConfigLayout.PowerEventStatus);
    }

    private void PutMsi(bool perVectorMask)
    {
        Put(ConfigLayout.Msi, 0x05 | (ConfigLayout.PciExpress << 8));
        Put(
            ConfigLayout.MsiControl,
            (ushort)(ConfigLayout.MsiCapabilities | (perVectorMask ? ConfigLayout.MsiMaskable : 0)),
            ConfigLayout.MsiEnable | ConfigLayout.MsiMultipleEnable);
        PutDouble(ConfigLayout.MsiAddress, 0, 0xffff_fffc);
        PutDouble(ConfigLayout.MsiAddress + 4, 0, uint.MaxValue);
        Put(ConfigLayout.MsiData, 0, 0xffff);
        if (perVectorMask)
        {
            PutDouble(ConfigLayout.MsiMask, 0, uint.MaxValue);
        }
    }

    private void PutPciExpress()
    {
        // Endpoint, capability version 2. Payload 256 bytes, role-based error reports, function level reset.
        Put(ConfigLayout.PciExpress, 0x10);
        Put(ConfigLayout.PciExpress + 2, 0x0002);
        PutDouble(ConfigLayout.PciExpress + 4, 0x1000_8001);
        Put(ConfigLayout.DeviceControl, ConfigLayout.DeviceControlDefault, 0x7fff);
        Put(ConfigLayout.DeviceStatus, 0, clearable: 0x000f);

        // Link 8 GT/s, two lanes, trained; no power saving states.
        PutDouble(ConfigLayout.PciExpress + 12, 0x0000_0023);
        Put(ConfigLayout.LinkControl, 0, 0x01fb);
        Put(ConfigLayout.LinkControl + 2, 0x0023);
        PutDouble(ConfigLayout.PciExpress + 36, 0x0000_001f);
        Put(ConfigLayout.DeviceControl2, 0, 0x001f);
        PutDouble(ConfigLayout.PciExpress + 44, 0x0000_000e);
        Put(ConfigLayout.LinkControl2, 0x0003, 0x000f);
    }
}
