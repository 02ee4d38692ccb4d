using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Protocol;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <content>What the test tells the device, and what it can ask.</content>
internal sealed partial class HeldDevice
{
    private readonly List<(ElementType Type, byte Channel)> _commands = [];
    private readonly List<HeldElement> _elements = [];
    private readonly List<(byte Channel, ulong Value)> _doorbells = [];
    private (int Ring, RingElement Event)? _lastTransfer;
    private (long Good, long GoodBytes, long Failed, long FailedBytes) _uplinkTally;
    private bool _completesUplink;
    private bool _echoes;
    private bool _isSilent;

    /// <summary>How channel commands are answered; by default all succeed. Called under the device's lock.</summary>
    public Func<ElementType, byte, CommandAnswer> Answers { get; set; } = static (_, _) => CommandAnswer.Succeed;

    /// <summary>Whether uplink packets are completed by themselves.</summary>
    public bool CompletesUplink
    {
        set => Change(ref _completesUplink, value);
    }

    /// <summary>Whether uplink packets are sent back on the next channel number and completed, as receive buffers allow.</summary>
    public bool Echoes
    {
        set => Change(ref _echoes, value);
    }

    /// <summary>Whether the device does not react at all.</summary>
    public bool IsSilent
    {
        set => Change(ref _isSilent, value);
    }

    /// <summary>The environment that the device says it runs when it is next powered up; AMSS by default.</summary>
    public ExecutionEnvironment Environment
    {
        set
        {
            lock (_lock)
            {
                Set(Bhi + BhiRegisters.ExecutionEnvironment, (uint)value);
            }
        }
    }

    /// <summary>Channel commands taken, in order.</summary>
    public (ElementType Type, byte Channel)[] Commands => Snapshot(_commands);

    /// <summary>Channel doorbells rung, in order, device wake not among them.</summary>
    public (byte Channel, ulong Value)[] Doorbells => Snapshot(_doorbells);

    /// <summary>Commands kept by <see cref="CommandAnswer.Stall"/>.</summary>
    public int StalledCommands
    {
        get
        {
            lock (_lock)
            {
                return _stalled.Count;
            }
        }
    }

    /// <summary>Every element ever taken from a channel's ring, in order.</summary>
    public HeldElement[] Elements(byte channel) => [.. Snapshot(_elements).Where(element => element.Channel == channel)];

    /// <summary>Every packet ever taken whole from an uplink channel: its elements up to each end, joined.</summary>
    public byte[][] Packets(byte channel)
    {
        var packets = new List<byte[]>();
        var data = new List<byte>();
        foreach (HeldElement element in Elements(channel))
        {
            data.AddRange(element.Data);
            if (!element.IsChained)
            {
                packets.Add([.. data]);
                data.Clear();
            }
        }

        return [.. packets];
    }

    /// <summary>Elements the device holds of a channel: taken, not completed; oldest first.</summary>
    public HeldElement[] Outstanding(byte channel)
    {
        lock (_lock)
        {
            return _rings.TryGetValue(channel, out HeldRing? ring) ? [.. ring.Outstanding] : [];
        }
    }

    /// <summary>The write pointer that a channel's context shows the device, rung or not.</summary>
    public ulong PublishedPointer(byte channel)
    {
        lock (_lock)
        {
            return ReadWritePointer(channel);
        }
    }

    /// <summary>Uplink elements whose end the device has reported since it was made, and their bytes.</summary>
    public (long Good, long GoodBytes, long Failed, long FailedBytes) UplinkTally
    {
        get
        {
            lock (_lock)
            {
                return _uplinkTally;
            }
        }
    }

    /// <summary>Forgets what was recorded; what is outstanding stays so.</summary>
    public void ForgetRecords()
    {
        lock (_lock)
        {
            _commands.Clear();
            _elements.Clear();
            _doorbells.Clear();
        }
    }

    /// <summary>Answers every stalled command.</summary>
    /// <returns>How many there were.</returns>
    public int AnswerStalled(CompletionCode code = CompletionCode.Success)
    {
        lock (_lock)
        {
            (ulong Address, ElementType Type, byte Channel)[] stalled = [.. _stalled];
            _stalled.Clear();
            foreach ((ulong address, ElementType type, byte channel) in stalled)
            {
                Answer(address, type, channel, code);
            }

            return stalled.Length;
        }
    }

    /// <summary>Completes the k-th outstanding element, and with it all before: right for the oldest packet only.</summary>
    public void Complete(byte channel, int k = 0, CompletionCode code = CompletionCode.EndOfTransfer, ushort? length = null)
    {
        lock (_lock)
        {
            CompleteUpTo(_rings[channel], k, code, length);
        }
    }

    /// <summary>Completes the oldest whole packets of an uplink channel.</summary>
    /// <returns>How many there were, at most as many as asked for; none on a channel that is not started.</returns>
    public int CompletePackets(byte channel, int count = int.MaxValue, CompletionCode code = CompletionCode.EndOfTransfer)
    {
        lock (_lock)
        {
            int done = 0;
            HeldRing? ring = _rings.GetValueOrDefault(channel);
            for (; ring is not null && done < count && ring.PacketLength != 0; done++)
            {
                CompleteUpTo(ring, ring.PacketLength - 1, code, null);
            }

            return done;
        }
    }

    /// <summary>Fills the oldest receive buffer and completes it with any code and length.</summary>
    /// <returns>False when no buffer is posted.</returns>
    public bool DeliverPiece(byte channel, ReadOnlySpan<byte> data, CompletionCode code = CompletionCode.EndOfTransfer, ushort? length = null)
    {
        lock (_lock)
        {
            if (!_rings.TryGetValue(channel, out HeldRing? ring) || ring.Outstanding.Count == 0)
            {
                return false;
            }

            data.CopyTo(Dma(ring.Outstanding[0].Buffer, ring.Outstanding[0].Length));
            CompleteUpTo(ring, 0, code, length ?? (ushort)data.Length);
            return true;
        }
    }

    /// <summary>Delivers a packet over as many buffers as it takes: OVERFLOW for every piece but the last.</summary>
    /// <returns>False, with nothing delivered, when too few buffers are posted.</returns>
    public bool Deliver(byte channel, ReadOnlySpan<byte> packet)
    {
        lock (_lock)
        {
            return TryDeliver(channel, packet);
        }
    }

    /// <summary>Sends the last transfer event once more.</summary>
    public void DuplicateCompletion()
    {
        lock (_lock)
        {
            (int ring, RingElement element) = _lastTransfer ?? throw new InvalidOperationException("Nothing has been completed yet.");
            Post(ring, element);
        }
    }

    /// <summary>Sends any event on any event ring.</summary>
    public void PostEvent(int ring, RingElement element)
    {
        lock (_lock)
        {
            Post(ring, element);
        }
    }

    /// <summary>Enters SYS_ERR. Without an event the host finds it in MHISTATUS, after the interrupt.</summary>
    public void RaiseSystemError(bool withEvent = true)
    {
        lock (_lock)
        {
            if (withEvent)
            {
                Post(0, RingElement.StateEvent(MhiState.SystemError));
            }

            DropHost();
            ReportState(MhiState.SystemError);
            Vectors[0].Raise();
        }
    }

    /// <summary>Leaves the bus: registers read as all ones, nothing is written any more.</summary>
    public void Vanish()
    {
        lock (_lock)
        {
            _isGone = true;
            Vectors[0].Raise();
        }
    }

    /// <summary>The device back on the bus: a new function of the same name, powered on.</summary>
    public HeldDevice ComeBack() => new(Name);

    private bool TryDeliver(byte channel, ReadOnlySpan<byte> packet)
    {
        if (!_rings.TryGetValue(channel, out HeldRing? ring) || ring.Outstanding.Count == 0)
        {
            return false;
        }

        int capacity = ring.Outstanding[0].Length;
        int pieces = Math.Max((packet.Length + capacity - 1) / capacity, 1);
        if (ring.Outstanding.Count < pieces)
        {
            return false;
        }

        for (int i = 0; i < pieces; i++)
        {
            ReadOnlySpan<byte> piece = packet[..Math.Min(capacity, packet.Length)];
            packet = packet[piece.Length..];
            piece.CopyTo(Dma(ring.Outstanding[0].Buffer, capacity));
            CompleteUpTo(ring, 0, i == pieces - 1 ? CompletionCode.EndOfTransfer : CompletionCode.Overflow, (ushort)piece.Length);
        }

        return true;
    }

    private void CompleteUpTo(HeldRing ring, int k, CompletionCode code, ushort? length)
    {
        HeldElement element = ring.Outstanding[k];
        if (ring.IsUplink)
        {
            Tally(ring.Outstanding[..(k + 1)], code is CompletionCode.EndOfTransfer or CompletionCode.EndOfBlock or CompletionCode.Overflow);
        }

        ring.Outstanding.RemoveRange(0, k + 1);
        RingElement completion = RingElement.TransferEvent(element.Address, code, length ?? element.Length, element.Channel);
        _lastTransfer = (ring.EventRing, completion);
        Post(ring.EventRing, completion);
    }

    private void Tally(List<HeldElement> elements, bool isGood)
    {
        long bytes = elements.Sum(static element => (long)element.Length);
        if (isGood)
        {
            _uplinkTally.Good += elements.Count;
            _uplinkTally.GoodBytes += bytes;
        }
        else
        {
            _uplinkTally.Failed += elements.Count;
            _uplinkTally.FailedBytes += bytes;
        }
    }

    private void Change(ref bool setting, bool value)
    {
        lock (_lock)
        {
            setting = value;
        }

        _ = _work.Set();
    }

    private T[] Snapshot<T>(List<T> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }
}
