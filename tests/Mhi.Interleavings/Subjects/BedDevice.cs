using System;
using System.Collections.Generic;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;

namespace Mhi.Interleavings.Subjects;

/// <summary>The device's side of LOOPBACK: answers commands at once, keeps what it gets and sends what it is told to.</summary>
internal sealed class BedDevice
{
    private const byte UplinkChannel = 0;
    private const byte DownlinkChannel = 1;
    private const int EventRing = 0;

    private readonly Queue<byte[]> _toSend = new();
    private readonly List<byte[]> _received = [];
    private readonly List<byte> _packet = [];
    private readonly ulong[] _positions = new ulong[2];
    private readonly bool[] _runs = new bool[2];
    private readonly ScriptedDevice _device;
    private MhiState _state = MhiState.Ready;
    private MhiState? _wanted;
    private bool _hasNews;
    private bool _holds;
    private bool _breaks;
    private bool _crashes;
    private int _refusals;

    public BedDevice(ScriptedDevice device)
    {
        _device = device;
        device.OnDoorbell = OnWrite;
    }

    /// <summary>Whether a step would do something that nobody has signalled.</summary>
    public bool HasNews => _hasNews;

    /// <summary>Packets that came from the host and were completed, in order.</summary>
    public IReadOnlyList<byte[]> Received => _received;

    /// <summary>Whether both directions run.</summary>
    public bool Runs => _runs[UplinkChannel] && _runs[DownlinkChannel];

    /// <summary>START commands taken, of the uplink.</summary>
    public int Starts { get; private set; }

    /// <summary>RESET commands taken, of the uplink.</summary>
    public int Stops { get; private set; }

    /// <summary>RESET commands taken, of the downlink: the first of the two.</summary>
    public int DownlinkResets { get; private set; }

    /// <summary>Whether what the host has queued on the uplink last, seen by the device or not, ends a packet.</summary>
    public bool TailEndsAPacket
    {
        get
        {
            ChannelContext context = _device.Channel(UplinkChannel);
            ulong end = context.WritePointer == context.RingBase ? context.RingBase + context.RingLength : context.WritePointer;
            return !_device.Element(end - RingElement.Length).IsChained;
        }
    }

    /// <summary>Commands in the wrong state, such as START of a channel that runs.</summary>
    public int Faults { get; private set; }

    public void Begin(BedOptions options)
    {
        _toSend.Clear();
        _received.Clear();
        _packet.Clear();
        _hasNews = false;
        _holds = options.Holds;
        _breaks = false;
        DownlinkResets = 0;
        _crashes = false;
        _refusals = options.RefusedStarts;
        Starts = 0;
        Stops = 0;
        Faults = 0;
        _device.Writes.Clear();
    }

    /// <summary>Sends a packet as soon as the host has posted a buffer.</summary>
    public void Send(params byte[] packet)
    {
        _toSend.Enqueue(packet);
        _hasNews = true;
    }

    /// <summary>Completes what was held, and holds nothing any more.</summary>
    public void LetGo()
    {
        _holds = false;
        _hasNews = true;
    }

    /// <summary>Breaks the protocol on the downlink, so that the host takes the channel down without being asked.</summary>
    public void Break()
    {
        _breaks = true;
        _hasNews = true;
    }

    /// <summary>Reports that the firmware has failed.</summary>
    public void Crash()
    {
        _crashes = true;
        _hasNews = true;
    }

    /// <summary>Does everything that can be done now.</summary>
    /// <returns>How many events the host finds.</returns>
    public int Step()
    {
        _hasNews = false;
        int done = Move();
        foreach ((ulong address, RingElement command) in _device.TakeCommands())
        {
            _device.Post(EventRing, RingElement.CommandEvent(address, Obey(command)));
            done++;
        }

        return done + TakeUplink() + SendDownlink() + Fail();
    }

    // A register was written: a reset ends the channels at once, a state is entered in a later step.
    private void OnWrite(uint offset, uint value)
    {
        if (offset >= ScriptedDevice.ChannelDoorbells && _state == MhiState.M3)
        {
            Faults++;
        }

        if (offset != MhiRegisters.Control)
        {
            return;
        }

        if ((value & MhiRegisters.ControlReset) != 0)
        {
            _state = MhiState.Ready;
            _wanted = null;
            Stops += _runs[UplinkChannel] ? 1 : 0;
            Array.Clear(_runs);
        }
        else
        {
            var wanted = (MhiState)((value & MhiRegisters.StateMask) >> MhiRegisters.StateShift);
            _wanted = wanted is MhiState.M0 or MhiState.M3 && wanted != _state ? wanted : null;
            _hasNews |= _wanted is not null;
        }
    }

    private int Move()
    {
        if (_wanted is not { } wanted)
        {
            return 0;
        }

        MhiState before = _state;
        _state = wanted;
        _wanted = null;
        _device.Enter(wanted);
        if (before == MhiState.Ready)
        {
            _device.Post(EventRing, RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        }

        return 1;
    }

    private CompletionCode Obey(RingElement command)
    {
        byte channel = command.Channel;
        bool isStart = command.Type == ElementType.StartChannel;
        if (isStart && _refusals > 0)
        {
            _refusals--;
            return CompletionCode.UndefinedError;
        }

        // A channel whose START was refused is reset all the same.
        bool ran = _runs[channel];
        Faults += isStart && ran ? 1 : 0;
        _runs[channel] = isStart;
        if (isStart)
        {
            _positions[channel] = _device.Channel(channel).RingBase;
            uint doorbell = ScriptedDevice.ChannelDoorbells + ((uint)channel * 8);
            _device.Values[doorbell] = 0;
            _device.Values[doorbell + 4] = 0;
        }

        DownlinkResets += !isStart && channel == DownlinkChannel ? 1 : 0;
        if (channel == UplinkChannel)
        {
            Starts += isStart ? 1 : 0;
            Stops += !isStart && ran ? 1 : 0;
            _packet.Clear();
        }

        return CompletionCode.Success;
    }

    private int TakeUplink()
    {
        int done = 0;
        while (!_holds && TryNext(UplinkChannel, out ulong address))
        {
            RingElement element = _device.Element(address);
            _packet.AddRange(_device.Dma(element.Address, element.TransferLength));
            if (element.IsChained)
            {
                continue;
            }

            _received.Add([.. _packet]);
            _packet.Clear();
            _device.Post(EventRing, RingElement.TransferEvent(address, CompletionCode.EndOfTransfer, element.TransferLength, UplinkChannel));
            done++;
        }

        return done;
    }

    private int SendDownlink()
    {
        int done = 0;
        while (_toSend.Count != 0 && TryNext(DownlinkChannel, out ulong address))
        {
            byte[] packet = _toSend.Dequeue();
            packet.CopyTo(_device.Dma(_device.Element(address).Address, packet.Length));
            _device.Post(EventRing, RingElement.TransferEvent(address, CompletionCode.EndOfTransfer, (ushort)packet.Length, DownlinkChannel));
            done++;
        }

        return done;
    }

    // After what was to be sent: it has arrived.
    private int Fail()
    {
        int done = 0;
        if (_breaks && TryNext(DownlinkChannel, out _) && TryNext(DownlinkChannel, out ulong second))
        {
            _breaks = false;
            _device.Post(EventRing, RingElement.TransferEvent(second, CompletionCode.EndOfTransfer, 1, DownlinkChannel));
            done++;
        }

        if (_crashes)
        {
            _crashes = false;
            _device.Post(EventRing, RingElement.StateEvent(MhiState.SystemError));
            done++;
        }

        return done;
    }

    private bool TryNext(byte channel, out ulong address)
    {
        address = _positions[channel];
        ulong end = _device.ChannelDoorbell(channel);
        if (!_runs[channel] || end == 0 || address == end)
        {
            return false;
        }

        ChannelContext context = _device.Channel(channel);
        ulong next = address + RingElement.Length;
        _positions[channel] = next == context.RingBase + context.RingLength ? context.RingBase : next;
        return true;
    }
}
