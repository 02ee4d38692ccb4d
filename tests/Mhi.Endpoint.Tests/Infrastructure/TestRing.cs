using System;
using System.Runtime.InteropServices;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>A ring that the test host fills: transfer or command.</summary>
internal sealed class TestRing
{
    private readonly Action<ulong> _ringDoorbell;
    private readonly Action<ulong> _storeWritePointer;

    internal TestRing(DmaRegion memory, int elements, Action<ulong> storeWritePointer, Action<ulong> ringDoorbell)
    {
        Memory = memory;
        Elements = elements;
        _storeWritePointer = storeWritePointer;
        _ringDoorbell = ringDoorbell;
    }

    internal DmaRegion Memory { get; }

    internal int Elements { get; }

    internal int Position { get; private set; }

    internal ulong Base => Memory.BusAddress;

    internal ulong AddressOf(int index) => Base + (ulong)((index & (Elements - 1)) * RingElement.Length);

    /// <summary>Writes an element and moves the write pointer in the context; no doorbell.</summary>
    internal ulong Queue(RingElement element)
    {
        ulong address = AddressOf(Position);
        Span<byte> bytes = Memory.Memory.Slice((long)(address - Base), RingElement.Length);
        MemoryMarshal.Write(bytes, element);
        Position = (Position + 1) & (Elements - 1);
        _storeWritePointer(AddressOf(Position));
        return address;
    }

    internal void RingDoorbell() => _ringDoorbell(AddressOf(Position));

    internal void RingDoorbell(ulong value) => _ringDoorbell(value);

    internal void Rewind() => Position = 0;
}
