using System;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;

namespace Mhi.Interop.Vfio;

/// <summary>A device that the kernel has given to this process.</summary>
/// <remarks>
/// Safe: its registers are reached through <see cref="RegisterMapping"/> only, which outlives this object. Closing it stops
/// its interrupts and its DMA; the kernel resets it if it can. Used by one thread at a time.
/// </remarks>
public sealed unsafe class VfioDevice : IDisposable
{
    internal VfioDevice(FileDescriptor file)
    {
        File = file;
    }

    /// <summary>The open device.</summary>
    internal FileDescriptor File { get; }

    /// <summary>Opens a device by itself, to be bound to an <see cref="Iommufd"/>.</summary>
    /// <param name="path">Below <c>/dev/vfio/devices</c>.</param>
    /// <returns>The device.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static VfioDevice Open(string path) => new(FileDescriptor.Open(path));

    /// <summary>Asks what the device is.</summary>
    /// <returns>What the kernel says.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public VfioDeviceInfo ReadInfo()
    {
        var info = new VfioAbi.DeviceInfo { ArgumentSize = (uint)sizeof(VfioAbi.DeviceInfo) };
        return Libc.Ioctl(File.Number, VfioAbi.DeviceGetInfo, &info) == 0
            ? new VfioDeviceInfo((info.Flags & VfioAbi.DeviceCanReset) != 0, (info.Flags & VfioAbi.DeviceIsPci) != 0, info.Regions, info.Irqs)
            : throw new SystemCallException("VFIO_DEVICE_GET_INFO", "ask the kernel about the device");
    }

    /// <summary>Asks for a region.</summary>
    /// <param name="index">A BAR, or the configuration space.</param>
    /// <returns>The region; its size is 0 when the device has none such.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public VfioRegion ReadRegion(uint index)
    {
        byte[] question = new byte[sizeof(VfioAbi.RegionInfo)];
        var asked = new VfioAbi.RegionInfo { Index = index };
        MemoryMarshal.Write(question, in asked);
        return ParseRegion(VfioAbi.Ask(File.Number, VfioAbi.DeviceGetRegionInfo, "VFIO_DEVICE_GET_REGION_INFO", question));
    }

    /// <summary>Asks for a kind of interrupt.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Number of vectors that can be had as descriptors; 0 when the device has none.</returns>
    public uint CountInterrupts(VfioInterrupt kind)
    {
        var info = new VfioAbi.IrqInfo { ArgumentSize = (uint)sizeof(VfioAbi.IrqInfo), Index = (uint)kind };
        return Libc.Ioctl(File.Number, VfioAbi.DeviceGetIrqInfo, &info) == 0 && (info.Flags & VfioAbi.IrqSignalsEventFd) != 0 ? info.Count : 0;
    }

    /// <summary>Connects all vectors of a kind; the other kinds must be disconnected.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="vectors">One descriptor for each vector; they must stay open.</param>
    /// <returns>
    /// 0 when done; the number of vectors that there are when there are fewer; the negative error number of a refusal.
    /// Nothing is connected then.
    /// </returns>
    public int ConnectInterrupts(VfioInterrupt kind, ReadOnlySpan<EventFd> vectors)
    {
        int length = sizeof(VfioAbi.IrqSet) + (vectors.Length * sizeof(int));
        byte[] bytes = new byte[length];
        var set = new VfioAbi.IrqSet { ArgumentSize = (uint)length, Flags = VfioAbi.IrqSetEventFds, Index = (uint)kind, Count = (uint)vectors.Length };
        MemoryMarshal.Write(bytes, in set);
        Span<int> descriptors = MemoryMarshal.Cast<byte, int>(bytes.AsSpan(sizeof(VfioAbi.IrqSet)));
        for (int i = 0; i < vectors.Length; i++)
        {
            descriptors[i] = vectors[i].Number;
        }

        fixed (byte* start = bytes)
        {
            int result = Libc.Ioctl(File.Number, VfioAbi.DeviceSetIrqs, start);
            return result >= 0 ? result : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Disconnects all vectors of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public void DisconnectInterrupts(VfioInterrupt kind)
    {
        var set = new VfioAbi.IrqSet { ArgumentSize = (uint)sizeof(VfioAbi.IrqSet), Flags = VfioAbi.IrqSetNothing, Index = (uint)kind };
        _ = Libc.Ioctl(File.Number, VfioAbi.DeviceSetIrqs, &set);
    }

    /// <summary>Reads from a region; one access when it is 1, 2 or 4 bytes that are aligned.</summary>
    /// <param name="region">The region.</param>
    /// <param name="offset">Offset in it.</param>
    /// <param name="bytes">Where to.</param>
    /// <returns>Whether all of it was read; a device that is gone or switched off answers nothing.</returns>
    public bool TryRead(VfioRegion region, uint offset, Span<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(region);
        fixed (byte* start = bytes)
        {
            return Libc.ReadAt(File.Number, start, (nuint)bytes.Length, (long)(region.Offset + offset)) == bytes.Length;
        }
    }

    /// <summary>Writes to a region; one access when it is 1, 2 or 4 bytes that are aligned.</summary>
    /// <param name="region">The region.</param>
    /// <param name="offset">Offset in it.</param>
    /// <param name="bytes">What.</param>
    /// <returns>Whether all of it was written.</returns>
    public bool TryWrite(VfioRegion region, uint offset, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(region);
        fixed (byte* start = bytes)
        {
            return Libc.WriteAt(File.Number, start, (nuint)bytes.Length, (long)(region.Offset + offset)) == bytes.Length;
        }
    }

    /// <summary>Maps a BAR.</summary>
    /// <param name="region">The BAR; its size is a power of two.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    /// <exception cref="NotSupportedException">Too many mappings, or too large a one.</exception>
    public RegisterMapping MapRegisters(VfioRegion region) => RegisterMapping.Create(File.Number, region);

    /// <summary>Resets the function.</summary>
    /// <exception cref="SystemCallException">The kernel cannot, or not now.</exception>
    public void Reset()
    {
        if (Libc.Ioctl(File.Number, VfioAbi.DeviceReset, null) != 0)
        {
            throw new SystemCallException("VFIO_DEVICE_RESET", "reset the device");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Dispose();

    /// <summary>Reads the kernel's description of a region.</summary>
    /// <param name="answer">The description, with what follows it.</param>
    /// <returns>The region.</returns>
    internal static VfioRegion ParseRegion(ReadOnlySpan<byte> answer)
    {
        var info = MemoryMarshal.Read<VfioAbi.RegionInfo>(answer);
        const uint Mapped = VfioAbi.RegionCanMap | VfioAbi.RegionCanRead | VfioAbi.RegionCanWrite;
        if (info.Size == 0 || (info.Flags & Mapped) != Mapped)
        {
            return new VfioRegion(info.Index, info.Size, info.Offset, []);
        }

        return (info.Flags & VfioAbi.RegionHasCapabilities) != 0
            && CapabilityChain.TryFind(answer, info.Capabilities, VfioAbi.SparseMapCapability, out ReadOnlySpan<byte> areas)
            ? new VfioRegion(info.Index, info.Size, info.Offset, CapabilityChain.ReadPairs(areas))
            : new VfioRegion(info.Index, info.Size, info.Offset, [(0, info.Size)]);
    }
}
