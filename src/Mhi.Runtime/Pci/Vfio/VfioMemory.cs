using System;
using System.Collections.Generic;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Interop.Memory;
using Mhi.Interop.Vfio;

namespace Mhi.Pci.Vfio;

/// <summary>The DMA regions of a function: memory of this process, and the bus addresses at which the device finds it.</summary>
internal sealed class VfioMemory
{
    // What an IOMMU can translate with one entry, if address, memory and length all fit.
    private const ulong HugePage = 2 << 20;

    private readonly string _name;
    private readonly DmaAddressSpace _space;
    private readonly IovaSpace _addresses;
    private readonly int _addressBits;
    private readonly bool _useHugePages;
    private readonly HashSet<DmaRegion> _regions = [];
    private long _bytes;
    private bool _isDetached;

    /// <summary>Creates it.</summary>
    /// <param name="name">Name of the function, for errors.</param>
    /// <param name="space">What the device can reach.</param>
    /// <param name="addressBits">Width of its bus addresses.</param>
    /// <param name="useHugePages">Whether large regions are put on huge pages.</param>
    internal VfioMemory(string name, DmaAddressSpace space, int addressBits, bool useHugePages)
    {
        _name = name;
        _space = space;
        _addressBits = addressBits;
        _useHugePages = useHugePages;
        _addresses = new IovaSpace(addressBits, space.AllowedRanges);
    }

    /// <summary>Allocates a region; see <see cref="IPciFunction{TRegisters}.AllocateDma"/>.</summary>
    internal DmaRegion Allocate(long lengthBytes, long alignmentBytes)
    {
        if (_isDetached)
        {
            throw new MhiException(MhiErrorCode.DeviceRemoved, $"{_name} is gone; it gets no DMA memory any more.");
        }

        MappedMemory memory;
        try
        {
            memory = MappedMemory.AllocateForHardware(lengthBytes, _useHugePages);
        }
        catch (SystemCallException exception)
        {
            throw new MhiException(
                MhiErrorCode.OutOfMemory, $"{_name}: no memory for {lengthBytes} bytes of DMA buffers. {exception.Message}", innerException: exception);
        }

        ulong alignment = Math.Max((ulong)alignmentBytes, (ulong)memory.Length >= HugePage ? HugePage : (ulong)Environment.SystemPageSize);
        if (!_addresses.TryTake((ulong)memory.Length, alignment, out ulong address))
        {
            memory.Dispose();
            throw VfioErrors.NoAddress(_name, lengthBytes, _addressBits, _addresses.Windows);
        }

        try
        {
            _space.Map(memory, address);
        }
        catch (SystemCallException exception)
        {
            _addresses.Return(address);
            long bytes = memory.Length;
            memory.Dispose();
            throw VfioErrors.OfMapping(_name, bytes, _bytes, address, _space.AllowedRanges, LockedMemory.Read(), exception);
        }

        var region = new DmaRegion(memory, address);
        _ = _regions.Add(region);
        _bytes += region.Length;
        return region;
    }

    /// <summary>Frees a region; see <see cref="IPciFunction{TRegisters}.FreeDma"/>.</summary>
    internal void Free(DmaRegion region)
    {
        if (!_regions.Remove(region))
        {
            throw new ArgumentException("The DMA region is not of this function, or was freed before.", nameof(region));
        }

        // What the kernel has not let go of is never used for anything else.
        if (_isDetached || TryUnmap(region))
        {
            _bytes -= region.Length;
            _addresses.Return(region.BusAddress);
            region.Memory.Dispose();
        }
    }

    /// <summary>Takes everything away from the device. Regions stay for the host until they are freed.</summary>
    internal void Detach()
    {
        if (!_isDetached)
        {
            _isDetached = true;
            foreach (DmaRegion region in _regions)
            {
                _ = TryUnmap(region);
            }
        }
    }

    private bool TryUnmap(DmaRegion region)
    {
        try
        {
            return _space.Unmap(region.BusAddress, (ulong)region.Length) == (ulong)region.Length;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }
}
