using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Mhi.Endpoint.Registers;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>The transport that lets the project's own host drive a device over messages, with as many vectors as it wants.</summary>
internal sealed class VfioUserFunction : IPciFunction<VfioUserRegisters>
{
    private readonly VfioUserClient _client;
    private readonly IovaSpace _addresses;
    private readonly List<DmaRegion> _regions = [];

    internal VfioUserFunction(VfioUserClient client, DeviceProfile profile)
    {
        _client = client;
        _addresses = new IovaSpace(profile.DmaAddressBits);
        Identity = profile.Identity;
        Vectors = [.. Enumerable.Range(0, profile.EventRings.Length + 1).Select(_ => new InterruptVector(new EventFd()))];
        FileDescriptor[] descriptors = [.. Vectors.Select(vector => vector.Descriptor.Share())];
        Assert.Equal(0u, client.SetInterrupts(0x24, 1, 0, (uint)descriptors.Length, descriptors));
        Array.ForEach(descriptors, descriptor => descriptor.Dispose());
    }

    public string Name => "vfio-user";

    public PciIdentity Identity { get; }

    public VfioUserRegisters Registers => new(_client);

    public uint RegisterLength => EndpointRegisters.Length;

    public ImmutableArray<InterruptVector> Vectors { get; }

    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes)
    {
        MappedMemory memory = MappedMemory.Allocate(lengthBytes);
        Assert.True(_addresses.TryTake((ulong)memory.Length, (ulong)Math.Max(alignmentBytes, 4096), out ulong address));
        using FileDescriptor descriptor = memory.Share();
        Assert.Equal(0u, _client.MapDma(address, (ulong)memory.Length, 0, descriptor));
        var region = new DmaRegion(memory, address);
        _regions.Add(region);
        return region;
    }

    public void FreeDma(DmaRegion region)
    {
        Assert.True(_regions.Remove(region));
        Assert.Equal(0u, _client.UnmapDma(region.BusAddress, (ulong)region.Length));
        region.Memory.Dispose();
    }

    public void SetBusMaster(bool enabled) => _client.WriteConfig(4, enabled ? 6u : 2u, 2);

    public void Reset() => _ = _client.Call(13, []);

    public void Dispose()
    {
        foreach (DmaRegion region in _regions)
        {
            region.Memory.Dispose();
        }

        foreach (InterruptVector vector in Vectors)
        {
            vector.Descriptor.Dispose();
        }
    }
}
