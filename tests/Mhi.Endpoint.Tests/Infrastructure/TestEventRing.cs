using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>An event ring as the test host reads it.</summary>
internal sealed class TestEventRing
{
    private readonly Func<ulong> _readPointer;
    private readonly Action<ulong> _storeWritePointer;
    private readonly Action<ulong> _ringDoorbell;

    internal TestEventRing(DmaRegion memory, int elements, Func<ulong> readPointer, Action<ulong> storeWritePointer, Action<ulong> ringDoorbell)
    {
        Memory = memory;
        Elements = elements;
        _readPointer = readPointer;
        _storeWritePointer = storeWritePointer;
        _ringDoorbell = ringDoorbell;
    }

    internal DmaRegion Memory { get; }

    internal int Elements { get; }

    internal int Position { get; private set; }

    internal ulong Base => Memory.BusAddress;

    /// <summary>The device's position as the context shows it.</summary>
    internal ulong ReadPointer => _readPointer();

    internal ulong AddressOf(int index) => Base + (ulong)((index & (Elements - 1)) * RingElement.Length);

    /// <summary>Reads all events, without giving their slots back.</summary>
    internal List<RingElement> Read()
    {
        var events = new List<RingElement>();
        while (AddressOf(Position) != _readPointer())
        {
            events.Add(MemoryMarshal.Read<RingElement>(Memory.Memory.Slice((long)(AddressOf(Position) - Base), RingElement.Length)));
            Position = (Position + 1) & (Elements - 1);
        }

        return events;
    }

    /// <summary>Gives all slots read so far back to the device: the element before the read position is the limit.</summary>
    internal void Release()
    {
        ulong limit = AddressOf(Position + Elements - 1);
        _storeWritePointer(limit);
        _ringDoorbell(limit);
    }

    internal List<RingElement> Take()
    {
        List<RingElement> events = Read();
        Release();
        return events;
    }

    internal void RingDoorbell(ulong value) => _ringDoorbell(value);

    internal void Rewind() => Position = 0;
}
