using System;
using System.Buffers.Binary;
using Mhi.Controller;
using Mhi.Interop.Vfio;

namespace Mhi.Pci.Vfio;

/// <summary>The configuration space of a function. The kernel lets through what is the program's, and keeps the rest.</summary>
/// <param name="name">Name of the function, for errors.</param>
/// <param name="device">The function.</param>
/// <param name="region">Its configuration space.</param>
internal sealed class VfioConfiguration(string name, VfioDevice device, VfioRegion region)
{
    private const uint Command = 0x04;
    private const ushort MemoryEnabled = 2;
    private const ushort BusMaster = 4;
    private const uint Status = 0x06;
    private const ushort HasCapabilities = 0x10;
    private const uint FirstCapability = 0x34;
    private const uint FirstCapabilityOffset = 0x40;
    private const int MostCapabilities = 48;
    private const byte PowerManagement = 1;
    private const uint PowerControl = 4;
    private const ushort PowerStateMask = 3;

    // Cleared by writing 1: to be left as it is.
    private const ushort PowerEvent = 0x8000;

    /// <summary>Brings the function to D0 and has it answer accesses to its BARs.</summary>
    /// <exception cref="MhiException">It does not.</exception>
    internal void Enable()
    {
        if (FindPowerManagement() is { } capability && TryRead(capability + PowerControl, out ushort power) && (power & PowerStateMask) != 0)
        {
            // The kernel waits for as long as the device needs.
            Write(capability + PowerControl, (ushort)(power & ~(PowerStateMask | PowerEvent)));
        }

        SetCommand(MemoryEnabled, enabled: true);
    }

    /// <summary>Lets the function start DMA and interrupts, or stops it.</summary>
    /// <remarks>
    /// Switching off reads the register back: an answer cannot overtake what the device wrote before, so nothing of it is under
    /// way afterwards.
    /// </remarks>
    /// <param name="enabled">Whether it may.</param>
    /// <exception cref="MhiException">It does not take it; only when it is to be enabled.</exception>
    internal void SetBusMaster(bool enabled) => SetCommand(BusMaster, enabled);

    private void SetCommand(ushort bit, bool enabled)
    {
        bool isRead = TryRead(Command, out ushort command);
        if (isRead && command != ushort.MaxValue)
        {
            Write(Command, (ushort)(enabled ? command | bit : command & ~bit));
            isRead = TryRead(Command, out command);
        }

        if (enabled && (!isRead || command == ushort.MaxValue || (command & bit) == 0))
        {
            throw new MhiException(
                MhiErrorCode.DeviceRemoved,
                $"{name} does not answer: its command register says {(isRead ? $"0x{command:x4}" : "nothing")} after bit 0x{bit:x} was set. Check power, slot and link.");
        }
    }

    private uint? FindPowerManagement()
    {
        if (!TryRead(Status, out ushort status) || (status & HasCapabilities) == 0 || !TryRead(FirstCapability, out ushort next))
        {
            return null;
        }

        // No more than fit, so that a list that runs in a circle ends.
        for (int i = 0; i < MostCapabilities && (next & 0xfc) >= FirstCapabilityOffset; i++)
        {
            uint offset = (uint)next & 0xfc;
            if (!TryRead(offset, out ushort header) || (header & 0xff) == 0xff)
            {
                return null;
            }

            if ((header & 0xff) == PowerManagement)
            {
                return offset;
            }

            next = (ushort)(header >> 8);
        }

        return null;
    }

    private bool TryRead(uint offset, out ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        bool isRead = device.TryRead(region, offset, bytes);
        value = isRead ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : ushort.MaxValue;
        return isRead;
    }

    private void Write(uint offset, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _ = device.TryWrite(region, offset, bytes);
    }
}
