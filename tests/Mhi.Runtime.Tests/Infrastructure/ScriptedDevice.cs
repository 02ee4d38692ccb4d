using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mhi.Controller;
using Mhi.Interop.Memory;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>
/// A device that does exactly what the test tells it, right or wrong, straight on registers and memory: the host core's
/// counterpart where the endpoint would be too well-behaved.
/// </summary>
internal sealed class ScriptedDevice : IPciFunction<ScriptedRegisters>
{
    public const uint Bhi = 0x100;
    public const uint ChannelDoorbells = 0x300;
    public const uint EventDoorbells = 0x700;

    private readonly Dictionary<ulong, DmaRegion> _regions = [];
    private readonly uint[] _eventPositions = new uint[16];
    private ulong _nextAddress = 0x1000_0000;
    private uint _commandPosition;
    private volatile MhiFailure? _loss;

    public ScriptedDevice(int vectors = 5)
    {
        Registers = new ScriptedRegisters(this);
        var all = ImmutableArray.CreateBuilder<InterruptVector>();
        for (int i = 0; i < vectors; i++)
        {
            all.Add(new InterruptVector(new EventFd()));
        }

        Vectors = all.ToImmutable();
        Values[MhiRegisters.BhiOffset] = Bhi;
        Values[MhiRegisters.ChannelDoorbellOffset] = ChannelDoorbells;
        Values[MhiRegisters.EventDoorbellOffset] = EventDoorbells;
        Values[Bhi + BhiRegisters.ExecutionEnvironment] = (uint)ExecutionEnvironment.Amss;
        Values[MhiRegisters.Status] = MhiRegisters.StatusReady | ((uint)MhiState.Ready << 8);
    }

    public string Name => "scripted";

    public PciIdentity Identity => new(0x105b, 0xe0ab, 0, 0);

    public ScriptedRegisters Registers { get; }

    public uint RegisterLength => 0x1000;

    public ImmutableArray<InterruptVector> Vectors { get; }

    /// <summary>What wakes a sleeping loop when the function is about to be lost.</summary>
    public EventFd Alarm { get; } = new();

    public ImmutableArray<EventFd> Alarms => [Alarm];

    /// <summary>Has the function be lost from now on; the alarm is not raised.</summary>
    /// <param name="loss">Why.</param>
    public void Lose(MhiFailure loss) => _loss = loss;

    public bool IsDetached { get; private set; }

    /// <summary>Thrown when the device is to become a bus master.</summary>
    public MhiException? BusMasterRefusal { get; set; }

    /// <summary>Register values by offset; what is missing reads as zero.</summary>
    public Dictionary<uint, uint> Values { get; } = [];

    /// <summary>Every register write, in order.</summary>
    public List<(uint Offset, uint Value)> Writes { get; } = [];

    /// <summary>Whether MHICTRL.RESET ends at once.</summary>
    public bool FinishesResets { get; set; } = true;

    /// <summary>Called with every register write, after it has been recorded.</summary>
    public Action<uint, uint>? OnDoorbell { get; set; }

    public bool IsBusMaster { get; private set; }

    public bool IsDisposed { get; private set; }

    /// <summary>Regions allocated and not freed.</summary>
    public int LiveRegions => _regions.Count;

    /// <summary>How often the host has read a register.</summary>
    public int Reads { get; private set; }

    public uint OnRead(uint offset)
    {
        Reads++;
        return Values.GetValueOrDefault(offset);
    }

    public void OnWrite(uint offset, uint value)
    {
        Writes.Add((offset, value));
        Values[offset] = value;
        OnDoorbell?.Invoke(offset, value);
        if (offset == MhiRegisters.Control && (value & MhiRegisters.ControlReset) != 0 && FinishesResets)
        {
            Values[MhiRegisters.Control] = 0;
            Values[MhiRegisters.Status] = MhiRegisters.StatusReady | ((uint)MhiState.Ready << 8);
        }
    }

    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes)
    {
        _nextAddress = (_nextAddress + (ulong)alignmentBytes - 1) & ~((ulong)alignmentBytes - 1);
        var region = new DmaRegion(MappedMemory.Allocate(lengthBytes), _nextAddress);
        _nextAddress += (ulong)region.Length + 0x10000;
        _regions.Add(region.BusAddress, region);
        return region;
    }

    public void FreeDma(DmaRegion region)
    {
        Assert.True(_regions.Remove(region.BusAddress), "freed twice, or not of this function");
        region.Memory.Dispose();
    }

    public void SetBusMaster(bool enabled)
    {
        if (enabled && BusMasterRefusal is { } refusal)
        {
            throw refusal;
        }

        IsBusMaster = enabled;
        if (enabled)
        {
            Array.Clear(_eventPositions);
            _commandPosition = 0;

            // What was rung for the rings of before is no pointer into those to come.
            Values[MhiRegisters.CommandDoorbell] = 0;
            Values[MhiRegisters.CommandDoorbell + 4] = 0;
        }
    }

    public void Reset()
    {
    }

    public MhiFailure? CheckAlarms()
    {
        _ = Alarm.Drain();
        return _loss;
    }

    public void Detach()
    {
        Assert.False(IsBusMaster);
        IsDetached = true;
    }

    public void Dispose() => IsDisposed = true;

    public ulong Pair(uint offset) =>
        ((ulong)Values.GetValueOrDefault(offset + 4) << 32) | Values.GetValueOrDefault(offset);

    public Span<byte> Dma(ulong address, int length)
    {
        foreach (DmaRegion region in _regions.Values)
        {
            if (address >= region.BusAddress && address - region.BusAddress < (ulong)region.Length)
            {
                return region.Memory.Slice((long)(address - region.BusAddress), length);
            }
        }

        throw new InvalidOperationException($"0x{address:x} is not mapped.");
    }

    public ChannelContext Channel(int number) => MemoryMarshal.Read<ChannelContext>(
        Dma(Pair(MhiRegisters.ChannelContextBase) + (ulong)(number * RingContext.Length), RingContext.Length));

    public EventContext Event(int ring) => MemoryMarshal.Read<EventContext>(EventContextBytes(ring));

    public CommandContext Command() => MemoryMarshal.Read<CommandContext>(Dma(Pair(MhiRegisters.CommandContextBase), RingContext.Length));

    public RingElement Element(ulong address) => MemoryMarshal.Read<RingElement>(Dma(address, RingElement.Length));

    public ulong ChannelDoorbell(int number) => Pair(ChannelDoorbells + ((uint)number * 8));

    /// <summary>Writes an event as a good device does: element, then read pointer.</summary>
    public void Post(int ring, RingElement element)
    {
        EventContext context = Event(ring);
        uint elements = (uint)(context.RingLength / RingElement.Length);
        MemoryMarshal.Write(Dma(context.RingBase + (_eventPositions[ring] * RingElement.Length), RingElement.Length), in element);
        _eventPositions[ring] = (_eventPositions[ring] + 1) % elements;
        SetEventReadPointer(ring, context.RingBase + (_eventPositions[ring] * RingElement.Length));
    }

    /// <summary>Enters a state as a good device does: register, then event.</summary>
    public void Enter(MhiState state)
    {
        Values[MhiRegisters.Status] = MhiRegisters.StatusReady | ((uint)state << MhiRegisters.StateShift);
        Post(0, RingElement.StateEvent(state));
    }

    public void SetEventReadPointer(int ring, ulong pointer) =>
        MemoryMarshal.Write(EventContextBytes(ring)[RingContext.ReadPointer..], in pointer);

    /// <summary>Takes the commands rung so far.</summary>
    public List<(ulong Address, RingElement Element)> TakeCommands()
    {
        List<(ulong Address, RingElement Element)> commands = [];
        CommandContext context = IsBusMaster ? Command() : default;
        uint end = (uint)((Pair(MhiRegisters.CommandDoorbell) - context.RingBase) / RingElement.Length);
        while (IsBusMaster && Pair(MhiRegisters.CommandDoorbell) != 0 && _commandPosition != end)
        {
            ulong address = context.RingBase + (_commandPosition * RingElement.Length);
            commands.Add((address, Element(address)));
            _commandPosition = (_commandPosition + 1) % 128;
        }

        return commands;
    }

    /// <summary>Answers every command rung so far.</summary>
    public int AnswerCommands(CompletionCode code = CompletionCode.Success)
    {
        var commands = TakeCommands();
        foreach ((ulong address, _) in commands)
        {
            Post(0, RingElement.CommandEvent(address, code));
        }

        return commands.Count;
    }

    private Span<byte> EventContextBytes(int ring) =>
        Dma(Pair(MhiRegisters.EventContextBase) + (ulong)(ring * RingContext.Length), RingContext.Length);
}
