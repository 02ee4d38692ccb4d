using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Numerics;
using Mhi.Controller;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Registers;
using Mhi.Interop;
using Mhi.Interop.Memory;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Profiles;

namespace Mhi.Endpoint;

/// <summary>The PCI function of an endpoint in the same process: the transport without a bus.</summary>
/// <remarks>
/// The device still sees what a PCIe device sees, no more: register writes, bus addresses that only
/// <see cref="AllocateDma"/> makes valid, interrupt vectors. Disposing it frees all DMA memory that was allocated here.
/// </remarks>
public sealed class EmulatedFunction : IPciFunction<EmulatedRegisters>
{
    private readonly EndpointRegisters _registers;
    private readonly DmaTranslation _memory;
    private readonly IovaSpace _addresses;
    private readonly int _addressBits;
    private readonly List<DmaRegion> _regions = [];
    private readonly EventFd _unplugged = new();
    private bool _disposed;

    /// <summary>Creates the function.</summary>
    /// <param name="name">Name of the controller on it.</param>
    /// <param name="profile">Gives identity, number of vectors (one, and one per event ring) and width of bus addresses.</param>
    /// <param name="registers">The device's BAR.</param>
    /// <param name="memory">The device's way to memory.</param>
    public EmulatedFunction(string name, DeviceProfile profile, EndpointRegisters registers, DmaTranslation memory)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(registers);
        ArgumentNullException.ThrowIfNull(memory);
        Name = name;
        Identity = profile.Identity;
        _registers = registers;
        _memory = memory;
        _addressBits = profile.DmaAddressBits;
        _addresses = new IovaSpace(_addressBits);
        var vectors = ImmutableArray.CreateBuilder<InterruptVector>(profile.EventRings.Length + 1);
        for (int i = 0; i <= profile.EventRings.Length; i++)
        {
            vectors.Add(new InterruptVector(new EventFd()));
        }

        Vectors = vectors.MoveToImmutable();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public PciIdentity Identity { get; }

    /// <inheritdoc/>
    public EmulatedRegisters Registers => new(_registers);

    /// <inheritdoc/>
    public uint RegisterLength => EndpointRegisters.Length;

    /// <inheritdoc/>
    public ImmutableArray<InterruptVector> Vectors { get; }

    /// <inheritdoc/>
    public ImmutableArray<EventFd> Alarms => [_unplugged];

    /// <inheritdoc/>
    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        if (alignmentBytes < 1 || !BitOperations.IsPow2(alignmentBytes))
        {
            throw new ArgumentOutOfRangeException(nameof(alignmentBytes), alignmentBytes, "The alignment must be a power of two.");
        }

        MappedMemory memory;
        try
        {
            memory = MappedMemory.Allocate(lengthBytes);
        }
        catch (SystemCallException exception)
        {
            throw new MhiException(
                MhiErrorCode.OutOfMemory, $"{Name}: no memory for {lengthBytes} bytes of DMA buffers. {exception.Message}", innerException: exception);
        }

        ulong alignment = (ulong)Math.Max(alignmentBytes, Environment.SystemPageSize);
        if (!_addresses.TryTake((ulong)memory.Length, alignment, out ulong address))
        {
            memory.Dispose();
            throw new MhiException(
                MhiErrorCode.OutOfMemory,
                $"{Name}: no {lengthBytes} bytes are free among the {_addressBits}-bit bus addresses the device can reach; free other DMA memory first.");
        }

        // Cannot fail: the address space hands out no range twice.
        _ = _memory.TryMap(address, memory.Window(0, memory.Length), DmaAccess.ReadWrite);
        var region = new DmaRegion(memory, address);
        _regions.Add(region);
        return region;
    }

    /// <inheritdoc/>
    public void FreeDma(DmaRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        if (!_regions.Remove(region))
        {
            throw new ArgumentException("The DMA region is not of this function, or was freed before.", nameof(region));
        }

        Unmap(region);
        region.Memory.Dispose();
    }

    /// <inheritdoc/>
    /// <remarks>When it returns after switching off, the device has no access under way.</remarks>
    public void SetBusMaster(bool enabled)
    {
        _registers.SetBusMaster(enabled);
        if (!enabled)
        {
            _memory.WaitForAccesses();
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _registers.ResetFunction();
        _memory.WaitForAccesses();
    }

    /// <summary>Pulls the device out without asking its driver: registers read as all ones, no memory is reached. There is no way back.</summary>
    /// <remarks>May be called by any thread.</remarks>
    public void Unplug()
    {
        _registers.LeaveBus();
        _memory.SetEnabled(false);
        _unplugged.Signal();
    }

    /// <inheritdoc/>
    public MhiFailure? CheckAlarms()
    {
        _ = _unplugged.Drain();
        return _registers.HasLeftBus ? new MhiFailure(MhiErrorCode.DeviceRemoved, $"The emulated device {Name} was unplugged.") : null;
    }

    /// <inheritdoc/>
    public void Detach() => SetBusMaster(false);

    /// <summary>Takes the function off the bus.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        SetBusMaster(false);
        foreach (DmaRegion region in _regions)
        {
            // Not unmapped for the host: whoever did not free it may still hold a span of it.
            Unmap(region);
        }

        _regions.Clear();
        foreach (InterruptVector vector in Vectors)
        {
            vector.Descriptor.Dispose();
        }

        _unplugged.Dispose();
    }

    private void Unmap(DmaRegion region)
    {
        _ = _memory.TryUnmap(region.BusAddress, (ulong)region.Length);
        _addresses.Return(region.BusAddress);
    }
}
