using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>A host that brings the device up over messages, with one interrupt vector for everything.</summary>
internal sealed class VfioUserHost : IDisposable
{
    private const ulong Gap = 0x10_0000;

    private readonly VfioUserClient _client;
    private readonly Sharing _sharing;
    private readonly EventFd _interrupt = new();
    private readonly List<DmaRegion> _regions = [];
    private readonly Dictionary<int, TestRing> _rings = [];
    private readonly DmaRegion _channelContexts;
    private readonly DmaRegion _eventContexts;
    private readonly DmaRegion _commandContext;
    private readonly TestRing _commands;
    private readonly TestEventRing[] _events;
    private readonly HashSet<int> _running = [];
    private ulong _nextAddress = Gap;

    /// <summary>Creates the host.</summary>
    /// <param name="client">Its connection to the device.</param>
    /// <param name="sharing">How the device reaches its memory.</param>
    /// <param name="moreEventRings">Event rings beyond those of the profile.</param>
    internal VfioUserHost(VfioUserClient client, Sharing sharing, int moreEventRings = 0)
    {
        _client = client;
        _sharing = sharing;
        client.OnRead = (address, destination) => TryFind(address, destination.Length, out Span<byte> bytes) && bytes.TryCopyTo(destination.Span);
        client.OnWrite = (address, source) => TryFind(address, source.Length, out Span<byte> bytes) && source.Span.TryCopyTo(bytes);
        _channelContexts = Allocate(DeviceProfile.MaxChannels * RingContext.Length);
        _eventContexts = Allocate(0x1000);
        _commandContext = Allocate(0x1000);
        _commands = new TestRing(
            Allocate(128 * RingElement.Length),
            128,
            pointer => TestHost.WritePair(_commandContext, RingContext.WritePointer, pointer),
            pointer => WritePair(MhiRegisters.CommandDoorbell, pointer));
        int[] elements = [.. KnownProfiles.FoxconnT99W175.EventRings.Select(ring => ring.Elements), .. Enumerable.Repeat(64, moreEventRings)];
        _events = [.. elements.Select(CreateEventRing)];
    }

    /// <summary>Memory at an address that is a multiple of 1 MiB, announced to the device.</summary>
    internal DmaRegion Allocate(int length)
    {
        var region = new DmaRegion(MappedMemory.Allocate(length), _nextAddress);
        _nextAddress += Gap;
        _regions.Add(region);
        switch (_sharing)
        {
            case Sharing.Whole:
                using (FileDescriptor descriptor = region.Memory.Share())
                {
                    Assert.Equal(0u, _client.MapDma(region.BusAddress, (ulong)region.Length, 0, descriptor));
                }

                break;
            case Sharing.Pages:
                ulong[] offsets = [.. Enumerable.Range(0, (int)(region.Length / 4096)).Select(page => (ulong)page * 4096)];
                new Random(1).Shuffle(offsets);
                foreach (ulong offset in offsets)
                {
                    using FileDescriptor descriptor = region.Memory.Share();
                    Assert.Equal(0u, _client.MapDma(region.BusAddress + offset, 4096, offset, descriptor));
                }

                break;
            default:
                Assert.Equal(0u, _client.MapDma(region.BusAddress, (ulong)region.Length, 0, null));
                break;
        }

        return region;
    }

    internal void PowerUp()
    {
        using (FileDescriptor descriptor = _interrupt.Share())
        {
            Assert.Equal(0u, _client.SetInterrupts(0x24, 1, 0, 1, descriptor));
        }

        _running.Clear();
        _client.WriteConfig(4, 6, 2);
        for (int i = 0; i < _events.Length; i++)
        {
            _events[i].Rewind();
            TestHost.WriteContext(_eventContexts, i, new EventContext
            {
                Type = EventContext.ValidType,
                RingBase = _events[i].Base,
                RingLength = (ulong)_events[i].Elements * RingElement.Length,
                ReadPointer = _events[i].Base,
                WritePointer = _events[i].AddressOf(_events[i].Elements - 1),
            });
        }

        _commands.Rewind();
        TestHost.WriteContext(_commandContext, 0, new CommandContext
        {
            RingBase = _commands.Base,
            RingLength = 128 * RingElement.Length,
            ReadPointer = _commands.Base,
            WritePointer = _commands.Base,
        });
        _client.ServeUntil(() => _client.ReadRegister(MhiRegisters.Status) == 0x101);
        WritePair(MhiRegisters.ChannelContextBase, _channelContexts.BusAddress);
        WritePair(MhiRegisters.EventContextBase, _eventContexts.BusAddress);
        WritePair(MhiRegisters.CommandContextBase, _commandContext.BusAddress);
        WritePair(MhiRegisters.ControlLimit, uint.MaxValue);
        WritePair(MhiRegisters.DataLimit, uint.MaxValue);
        uint configuration = _client.ReadRegister(MhiRegisters.Configuration) & ~MhiRegisters.EventRingsMask;
        _client.WriteRegister(MhiRegisters.Configuration, configuration | ((uint)_events.Length << MhiRegisters.EventRingsShift));
        _events[0].Release();
        _client.WriteRegister(MhiRegisters.Control, (uint)MhiState.M0 << MhiRegisters.StateShift);
        AssertEvents.Equal(TakeEvents(2), RingElement.StateEvent(MhiState.M0), RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
    }

    /// <summary>Queues a command and rings its doorbell.</summary>
    internal ulong PostCommand(RingElement command)
    {
        ulong address = _commands.Queue(command);
        _commands.RingDoorbell();
        return address;
    }

    /// <summary>Starts a channel on event ring 0, if it does not run already.</summary>
    internal TestRing Start(int channel)
    {
        if (!_rings.TryGetValue(channel, out TestRing? ring))
        {
            ring = new TestRing(
                Allocate(32 * RingElement.Length),
                32,
                pointer => TestHost.WritePair(_channelContexts, (channel * RingContext.Length) + RingContext.WritePointer, pointer),
                pointer => WritePair(TestHost.ChannelDoorbells + ((uint)channel * 8), pointer));
            _rings.Add(channel, ring);
        }

        if (!_running.Add(channel))
        {
            return ring;
        }

        ring.Rewind();
        TestHost.WriteContext(_channelContexts, channel, new ChannelContext
        {
            Configuration = ChannelContext.Pack(ChannelState.Enabled, BurstMode.Disabled),
            Type = (channel & 1) == 0 ? ChannelType.Outbound : ChannelType.Inbound,
            RingBase = ring.Base,
            RingLength = 32 * RingElement.Length,
            ReadPointer = ring.Base,
            WritePointer = ring.Base,
        });
        ulong address = PostCommand(RingElement.Command(ElementType.StartChannel, (byte)channel));
        RingElement completion = Assert.Single(TakeEvents(1));
        Assert.Equal(address, completion.Address);
        Assert.Equal(CompletionCode.Success, completion.Code);
        return ring;
    }

    /// <summary>Starts the pair that echoes, and sends one packet through it.</summary>
    internal void AssertEchoes(int length = 300)
    {
        TestRing up = Start(TestHost.LoopbackUp);
        TestRing down = Start(TestHost.LoopbackDown);
        DmaRegion source = Allocate(length);
        DmaRegion target = Allocate(length);
        byte[] packet = new byte[length];
        new Random(length).NextBytes(packet);
        packet.CopyTo(source.Memory.Slice(0, length));
        ulong downElement = down.Queue(RingElement.Transfer(target.BusAddress, (ushort)length, RingElement.EndOfTransferFlag));
        down.RingDoorbell();
        ulong upElement = up.Queue(RingElement.Transfer(source.BusAddress, (ushort)length, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        AssertEvents.Equal(
            TakeEvents(2),
            RingElement.TransferEvent(upElement, CompletionCode.EndOfTransfer, (ushort)length, TestHost.LoopbackUp),
            RingElement.TransferEvent(downElement, CompletionCode.EndOfTransfer, (ushort)length, TestHost.LoopbackDown));
        Assert.Equal(packet, target.Memory.Slice(0, length).ToArray());
    }

    /// <summary>Waits for an interrupt, and for events on ring 0; what is to happen meanwhile moves a clock, for example.</summary>
    internal List<RingElement> TakeEvents(int count, Action? meanwhile = null)
    {
        var events = new List<RingElement>();
        _client.ServeUntil(() =>
        {
            meanwhile?.Invoke();
            if (_interrupt.Drain())
            {
                events.AddRange(_events[0].Read());
            }

            return events.Count >= count;
        });
        _events[0].Release();
        return events;
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        foreach (DmaRegion region in _regions)
        {
            region.Memory.Dispose();
        }
    }

    internal void WritePair(uint offset, ulong value)
    {
        _client.WriteRegister(offset + 4, (uint)(value >> 32));
        _client.WriteRegister(offset, (uint)value);
    }

    private TestEventRing CreateEventRing(int elements, int index) => new(
        Allocate(elements * RingElement.Length),
        elements,
        () => BinaryPrimitives.ReadUInt64LittleEndian(_eventContexts.Memory.Slice((index * RingContext.Length) + RingContext.ReadPointer, sizeof(ulong))),
        pointer => TestHost.WritePair(_eventContexts, (index * RingContext.Length) + RingContext.WritePointer, pointer),
        pointer => WritePair(TestHost.EventDoorbells + ((uint)index * 8), pointer));

    private bool TryFind(ulong address, int length, out Span<byte> bytes)
    {
        DmaRegion? region = _sharing == Sharing.Messages
            ? _regions.Find(region => address >= region.BusAddress && address + (ulong)length <= region.BusAddress + (ulong)region.Length)
            : null;
        bytes = region is null ? [] : region.Memory.Slice((long)(address - region.BusAddress), length);
        return region is not null;
    }
}
