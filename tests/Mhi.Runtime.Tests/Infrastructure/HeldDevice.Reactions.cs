using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Mhi.Protocol;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <content>What the device does by itself: states, commands, taking elements, events.</content>
internal sealed partial class HeldDevice
{
    private readonly SortedDictionary<byte, HeldRing> _rings = [];
    private readonly List<(ulong Address, ElementType Type, byte Channel)> _stalled = [];
    private readonly Queue<RingElement>[] _unsent = [new(), new(), new(), new(), new(), new(), new(), new()];
    private readonly uint[] _eventPositions = new uint[MaxVectors - 1];
    private MhiState _state;
    private uint _commandPosition;
    private bool _controlWritten;
    private bool _commandsRung;

    /// <summary>Handles everything the host has written since the last step.</summary>
    /// <returns>How much was done; 0 when there was nothing.</returns>
    public int Step()
    {
        lock (_lock)
        {
            if (_isGone || _isSilent)
            {
                return 0;
            }

            int done = HandleControl();
            if (_isBusMaster && _state == MhiState.M0)
            {
                done += HandleCommands() + TakeElements() + Echo();
            }

            return done + (_isBusMaster ? SendQueued() : 0);
        }
    }

    // Under the lock, in the host's register write: what Step will look at.
    private void Latch(uint offset)
    {
        _controlWritten |= offset == MhiRegisters.Control;
        _commandsRung |= offset == MhiRegisters.CommandDoorbell;
        if (offset is >= ChannelDoorbells and < ChannelDoorbells + (Doorbell.DeviceWake * Doorbell.EntryLength)
            && offset % Doorbell.EntryLength == 0)
        {
            byte channel = (byte)((offset - ChannelDoorbells) / Doorbell.EntryLength);
            _doorbells.Add((channel, GetPair(offset)));
        }
    }

    private int HandleControl()
    {
        if (!_controlWritten)
        {
            return 0;
        }

        _controlWritten = false;
        uint control = Get(MhiRegisters.Control);
        if ((control & MhiRegisters.ControlReset) != 0)
        {
            Set(MhiRegisters.Control, 0);
            DropHost();
            ReportState(MhiState.Ready);
            return 1;
        }

        var wanted = (MhiState)((control & MhiRegisters.StateMask) >> MhiRegisters.StateShift);
        bool attaches = wanted == MhiState.M0 && _state == MhiState.Ready;
        if (attaches || (wanted == MhiState.M0 && _state == MhiState.M3) || (wanted == MhiState.M3 && _state == MhiState.M0))
        {
            ReportState(wanted);
            Post(0, RingElement.StateEvent(wanted));
            if (attaches)
            {
                Post(0, RingElement.EnvironmentEvent((ExecutionEnvironment)Get(Bhi + BhiRegisters.ExecutionEnvironment)));
            }

            return 1;
        }

        return 0;
    }

    private int HandleCommands()
    {
        if (!_commandsRung)
        {
            return 0;
        }

        _commandsRung = false;
        var context = MemoryMarshal.Read<CommandContext>(Dma(GetPair(MhiRegisters.CommandContextBase), RingContext.Length));
        uint elements = (uint)(context.RingLength / RingElement.Length);
        uint end = (uint)((GetPair(MhiRegisters.CommandDoorbell) - context.RingBase) / RingElement.Length);
        int done = 0;
        for (; _commandPosition != end; _commandPosition = (_commandPosition + 1) % elements)
        {
            ulong address = context.RingBase + (_commandPosition * RingElement.Length);
            var command = MemoryMarshal.Read<RingElement>(Dma(address, RingElement.Length));
            _commands.Add((command.Type, command.Channel));
            CommandAnswer answer = Answers(command.Type, command.Channel);
            if (answer == CommandAnswer.Stall)
            {
                _stalled.Add((address, command.Type, command.Channel));
            }
            else
            {
                Answer(address, command.Type, command.Channel, answer == CommandAnswer.Succeed ? CompletionCode.Success : CompletionCode.UndefinedError);
            }

            done++;
        }

        return done;
    }

    private void Answer(ulong address, ElementType type, byte channel, CompletionCode code)
    {
        if (code == CompletionCode.Success && type == ElementType.StartChannel && !_rings.ContainsKey(channel))
        {
            var context = MemoryMarshal.Read<ChannelContext>(
                Dma(GetPair(MhiRegisters.ChannelContextBase) + (ulong)(channel * RingContext.Length), RingContext.Length));
            _rings[channel] = new HeldRing(context);

            // What was rung for the ring of before is no pointer into this one.
            Set(ChannelDoorbells + (channel * Doorbell.EntryLength), 0);
            Set(ChannelDoorbells + (channel * Doorbell.EntryLength) + 4, 0);
        }
        else if (code == CompletionCode.Success && type == ElementType.ResetChannel)
        {
            _ = _rings.Remove(channel);
        }

        Post(0, RingElement.CommandEvent(address, code));
    }

    private int TakeElements()
    {
        int taken = 0;
        foreach ((byte channel, HeldRing ring) in _rings)
        {
            ulong end = FindWritePointer(channel, ring);
            while (end != 0 && ring.Position != end)
            {
                var element = MemoryMarshal.Read<RingElement>(Dma(ring.Position, RingElement.Length));
                byte[] data = ring.IsUplink ? Dma(element.Address, element.TransferLength).ToArray() : [];
                var held = new HeldElement(channel, ring.Position, element.Address, element.TransferLength, element.Word1, data);
                ring.Outstanding.Add(held);
                _elements.Add(held);
                ring.Advance();
                taken++;
            }
        }

        return taken;
    }

    // What is rung counts, and not what is merely published: a doorbell that the host forgets is a transfer that hangs. In
    // burst mode the first one starts a watch on the context.
    private ulong FindWritePointer(byte channel, HeldRing ring)
    {
        ulong rung = GetPair(ChannelDoorbells + (channel * Doorbell.EntryLength));
        return rung == 0 || !ring.IsBurst ? rung : ReadWritePointer(channel);
    }

    private ulong ReadWritePointer(byte channel)
    {
        ulong context = GetPair(MhiRegisters.ChannelContextBase) + (ulong)(channel * RingContext.Length);
        return MemoryMarshal.Read<ulong>(Dma(context + RingContext.WritePointer, sizeof(ulong)));
    }

    private int Echo()
    {
        int moved = 0;
        foreach ((byte channel, HeldRing ring) in _rings)
        {
            while (ring.IsUplink && (_echoes || _completesUplink) && ring.FindPacket() is { } packet)
            {
                if (_echoes && !TryDeliver((byte)(channel + 1), packet))
                {
                    break;
                }

                CompleteUpTo(ring, ring.PacketLength - 1, CompletionCode.EndOfTransfer, null);
                moved++;
            }
        }

        return moved;
    }

    private void Post(int ring, RingElement element)
    {
        _unsent[ring].Enqueue(element);
        _ = SendQueued();
    }

    private int SendQueued()
    {
        int sent = 0;
        for (int ring = 0; ring < _unsent.Length; ring++)
        {
            while (_unsent[ring].Count != 0 && TrySend(ring, _unsent[ring].Peek()))
            {
                _ = _unsent[ring].Dequeue();
                sent++;
            }
        }

        return sent;
    }

    private bool TrySend(int ring, RingElement element)
    {
        ulong contextAddress = GetPair(MhiRegisters.EventContextBase) + (ulong)(ring * RingContext.Length);
        var context = MemoryMarshal.Read<EventContext>(Dma(contextAddress, RingContext.Length));
        ulong address = context.RingBase + (_eventPositions[ring] * RingElement.Length);
        if (address == context.WritePointer)
        {
            return false;
        }

        MemoryMarshal.Write(Dma(address, RingElement.Length), in element);
        _eventPositions[ring] = (_eventPositions[ring] + 1) % (uint)(context.RingLength / RingElement.Length);
        ulong next = context.RingBase + (_eventPositions[ring] * RingElement.Length);

        // The element before the pointer that covers it, and the pointer before the look at whether the host waits.
        Interlocked.MemoryBarrier();
        MemoryMarshal.Write(Dma(contextAddress + RingContext.ReadPointer, sizeof(ulong)), in next);
        Interlocked.MemoryBarrier();
        Vectors[context.InterruptVector < MaxVectors ? (int)context.InterruptVector : 0].Raise();
        return true;
    }

    private void DropHost()
    {
        _rings.Clear();
        _stalled.Clear();
        foreach (Queue<RingElement> queue in _unsent)
        {
            queue.Clear();
        }

        System.Array.Clear(_eventPositions);
        System.Array.Clear(_values, (int)(ChannelDoorbells / sizeof(uint)), (int)((RegisterLength - ChannelDoorbells) / sizeof(uint)));
        Set(MhiRegisters.CommandDoorbell, 0);
        Set(MhiRegisters.CommandDoorbell + 4, 0);
        _commandPosition = 0;
        _commandsRung = false;
    }

    /// <summary>A started channel's ring, as the device sees it.</summary>
    private sealed class HeldRing(ChannelContext context)
    {
        private const uint BurstMask = 0x300;
        private const uint BurstEnabled = 0x300;

        public bool IsUplink => context.Type == ChannelType.Outbound;

        public bool IsBurst => (context.Configuration & BurstMask) == BurstEnabled;

        public int EventRing => (int)context.EventRing;

        public ulong Position { get; private set; } = context.ReadPointer;

        /// <summary>Elements taken and not completed, oldest first.</summary>
        public List<HeldElement> Outstanding { get; } = [];

        /// <summary>Elements of the oldest packet that is whole; 0 when there is none.</summary>
        public int PacketLength => Outstanding.FindIndex(static element => !element.IsChained) + 1;

        public void Advance()
        {
            ulong next = Position + RingElement.Length;
            Position = next == context.RingBase + context.RingLength ? context.RingBase : next;
        }

        public byte[]? FindPacket()
        {
            int length = PacketLength;
            return length == 0 ? null : [.. System.Linq.Enumerable.SelectMany(Outstanding[..length], static element => element.Data)];
        }
    }
}
