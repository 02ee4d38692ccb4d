using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Mhi.Endpoint.Functions;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>A host written by hand for the tests: raw registers, contexts and rings, in the order a Linux host uses them.</summary>
internal sealed class TestHost : IDisposable
{
    internal const uint ChannelDoorbells = 0x400;
    internal const uint EventDoorbells = 0x800;
    internal const uint Bhi = 0x100;
    internal const int LoopbackUp = 0;
    internal const int LoopbackDown = 1;

    private readonly Dictionary<int, TestRing> _transferRings = [];

    internal TestHost(
        IReadOnlyDictionary<string, ChannelFunction>? functions = null,
        TimeProvider? clock = null,
        DeviceProfile? profile = null,
        EndpointOptions? options = null)
    {
        Profile = profile ?? KnownProfiles.FoxconnT99W175;
        Modem = new EmulatedModem(Profile, functions, timeProvider: clock, options: options);
        ChannelContexts = Function.AllocateDma(DeviceProfile.MaxChannels * RingContext.Length, 4096);
        EventContexts = Function.AllocateDma(Profile.EventRings.Length * RingContext.Length, 4096);
        CommandContext = Function.AllocateDma(RingContext.Length, 4096);
        Commands = new TestRing(
            Function.AllocateDma(128 * RingElement.Length, 128 * RingElement.Length),
            128,
            pointer => WritePair(CommandContext, RingContext.WritePointer, pointer),
            pointer => WriteRegisterPair(MhiRegisters.CommandDoorbell, pointer));
        EventRings = [.. Profile.EventRings.Select((ring, index) => CreateEventRing(ring.Elements, index))];
    }

    internal DeviceProfile Profile { get; }

    internal EmulatedModem Modem { get; }

    internal EmulatedFunction Function => Modem.Function;

    internal MhiEndpoint Endpoint => Modem.Endpoint;

    internal DmaRegion ChannelContexts { get; }

    internal DmaRegion EventContexts { get; }

    internal DmaRegion CommandContext { get; }

    internal TestRing Commands { get; }

    internal TestEventRing[] EventRings { get; }

    internal static TestHost PoweredUp(
        IReadOnlyDictionary<string, ChannelFunction>? functions = null, TimeProvider? clock = null, DeviceProfile? profile = null)
    {
        var host = new TestHost(functions, clock, profile);
        host.PowerUp();
        return host;
    }

    internal static TestHost WithFunction(RecordingFunction function, TimeProvider? clock = null, DeviceProfile? profile = null) =>
        PoweredUp(new Dictionary<string, ChannelFunction> { ["LOOPBACK"] = function }, clock, profile);

    internal uint Read(uint offset) => Function.Registers.Read(offset);

    internal void Write(uint offset, uint value) => Function.Registers.Write(offset, value);

    internal void WriteRegisterPair(uint offset, ulong value)
    {
        Write(offset + 4, (uint)(value >> 32));
        Write(offset, (uint)value);
    }

    internal void RingChannel(int channel, ulong value) => WriteRegisterPair(ChannelDoorbells + ((uint)channel * 8), value);

    /// <summary>Steps the device until it has nothing to do, which must not take long.</summary>
    internal int Step()
    {
        int total = 0;
        for (int i = 0; i < 10_000; i++)
        {
            int work = Modem.Poll();
            if (work == 0)
            {
                return total;
            }

            total += work;
        }

        throw new InvalidOperationException("The device is never done.");
    }

    /// <summary>Contexts, registers, M0; the two events of it are taken.</summary>
    internal void PowerUp()
    {
        Program();
        RequestState(MhiState.M0);
        _ = Step();
        AssertEvents.Equal(
            EventRings[0].Take(), RingElement.StateEvent(MhiState.M0), RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        for (int i = 1; i < EventRings.Length; i++)
        {
            EventRings[i].Release();
        }
    }

    /// <summary>Everything before the request of M0.</summary>
    internal void Program()
    {
        Function.SetBusMaster(true);
        _ = Step();
        for (int i = 0; i < EventRings.Length; i++)
        {
            EventRings[i].Rewind();
            WriteEventContext(i, DefaultEventContext(i));
        }

        Commands.Rewind();
        WriteContext(CommandContext, 0, new CommandContext
        {
            RingBase = Commands.Base,
            RingLength = (ulong)Commands.Elements * RingElement.Length,
            ReadPointer = Commands.Base,
            WritePointer = Commands.Base,
        });
        ChannelContexts.Memory.Slice(0, (int)ChannelContexts.Length).Clear();
        WriteRegisterPair(MhiRegisters.ChannelContextBase, ChannelContexts.BusAddress);
        WriteRegisterPair(MhiRegisters.EventContextBase, EventContexts.BusAddress);
        WriteRegisterPair(MhiRegisters.CommandContextBase, CommandContext.BusAddress);
        WriteRegisterPair(MhiRegisters.ControlLimit, uint.MaxValue);
        WriteRegisterPair(MhiRegisters.DataLimit, uint.MaxValue);
        uint configuration = Read(MhiRegisters.Configuration) & ~MhiRegisters.EventRingsMask;
        Write(MhiRegisters.Configuration, configuration | ((uint)EventRings.Length << MhiRegisters.EventRingsShift));
        EventRings[0].Release();
    }

    internal void RequestState(MhiState state) =>
        Write(MhiRegisters.Control, (Read(MhiRegisters.Control) & ~MhiRegisters.StateMask) | ((uint)state << MhiRegisters.StateShift));

    internal EventContext DefaultEventContext(int ring) => new()
    {
        Type = EventContext.ValidType,
        InterruptVector = (uint)ring + 1,
        Moderation = (uint)Profile.EventRings[ring].ModerationMilliseconds << EventContext.ModerationTimeShift,
        RingBase = EventRings[ring].Base,
        RingLength = (ulong)EventRings[ring].Elements * RingElement.Length,
        ReadPointer = EventRings[ring].Base,
        WritePointer = EventRings[ring].AddressOf(EventRings[ring].Elements - 1),
    };

    internal void WriteEventContext(int ring, EventContext context) => WriteContext(EventContexts, ring, context);

    internal ChannelContext DefaultChannelContext(int channel)
    {
        ChannelProfile profile = Profile.Channels.Single(entry => entry.Number == channel);
        TestRing ring = TransferRing(channel);
        return new ChannelContext
        {
            Configuration = ChannelContext.Pack(ChannelState.Enabled, profile.BurstMode),
            Type = profile.Type,
            EventRing = (uint)profile.EventRing,
            RingBase = ring.Base,
            RingLength = (ulong)ring.Elements * RingElement.Length,
            ReadPointer = ring.Base,
            WritePointer = ring.Base,
        };
    }

    internal void WriteChannelContext(int channel, ChannelContext context) => WriteContext(ChannelContexts, channel, context);

    internal ChannelState StateOf(int channel) => (ChannelState)ChannelContexts.Memory.Slice(channel * RingContext.Length, 1)[0];

    internal TestRing TransferRing(int channel)
    {
        if (!_transferRings.TryGetValue(channel, out TestRing? ring))
        {
            int elements = Profile.Channels.Single(entry => entry.Number == channel).Elements;
            ring = new TestRing(
                Function.AllocateDma(elements * RingElement.Length, elements * RingElement.Length),
                elements,
                pointer => WritePair(ChannelContexts, (channel * RingContext.Length) + RingContext.WritePointer, pointer),
                pointer => RingChannel(channel, pointer));
            _transferRings.Add(channel, ring);
        }

        return ring;
    }

    /// <summary>Sends a command and returns its completion code; other events on the control ring must not be there.</summary>
    internal CompletionCode Command(ElementType type, int channel)
    {
        ulong address = Commands.Queue(RingElement.Command(type, (byte)channel));
        Commands.RingDoorbell();
        _ = Step();
        RingElement completion = Assert.Single(EventRings[0].Take());
        Assert.Equal(ElementType.CommandCompletion, completion.Type);
        Assert.Equal(address, completion.Address);
        return completion.Code;
    }

    /// <summary>Prepares a channel and starts it.</summary>
    internal TestRing Start(int channel)
    {
        TestRing ring = TransferRing(channel);
        ring.Rewind();
        WriteChannelContext(channel, DefaultChannelContext(channel));
        Assert.Equal(CompletionCode.Success, Command(ElementType.StartChannel, channel));
        return ring;
    }

    /// <summary>Memory for one packet, with the given contents.</summary>
    internal DmaRegion Buffer(params byte[] contents)
    {
        DmaRegion region = Function.AllocateDma(Math.Max(contents.Length, 1), 1);
        contents.CopyTo(region.Memory.Slice(0, contents.Length));
        return region;
    }

    /// <summary>Proves that the device still works: one packet through a pair that echoes, started here.</summary>
    internal void AssertEchoes(int uplink = LoopbackUp)
    {
        TestRing up = Start(uplink);
        TestRing down = Start(uplink + 1);
        byte[] packet = [1, 2, 3, 5, 8, 13, 21, 34];
        DmaRegion target = Buffer(new byte[64]);
        ulong downElement = down.Queue(RingElement.Transfer(target.BusAddress, 64, RingElement.EndOfTransferFlag));
        down.RingDoorbell();
        ulong upElement = up.Queue(RingElement.Transfer(Buffer(packet).BusAddress, (ushort)packet.Length, RingElement.EndOfTransferFlag));
        up.RingDoorbell();
        _ = Step();
        AssertEvents.Equal(
            EventRings[Profile.Channels.Single(entry => entry.Number == uplink).EventRing].Take(),
            RingElement.TransferEvent(upElement, CompletionCode.EndOfTransfer, 8, (byte)uplink),
            RingElement.TransferEvent(downElement, CompletionCode.EndOfTransfer, 8, (byte)(uplink + 1)));
        Assert.Equal(packet, target.Memory.Slice(0, 8).ToArray());
    }

    public void Dispose() => Modem.Dispose();

    internal static void WriteContext<T>(DmaRegion contexts, int index, T context)
        where T : unmanaged => MemoryMarshal.Write(contexts.Memory.Slice(index * RingContext.Length, RingContext.Length), context);

    internal static void WritePair(DmaRegion region, long offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(region.Memory.Slice(offset, sizeof(ulong)), value);

    private TestEventRing CreateEventRing(int elements, int index) => new(
        Function.AllocateDma(elements * RingElement.Length, elements * RingElement.Length),
        elements,
        () => BinaryPrimitives.ReadUInt64LittleEndian(EventContexts.Memory.Slice((index * RingContext.Length) + RingContext.ReadPointer, sizeof(ulong))),
        pointer => WritePair(EventContexts, (index * RingContext.Length) + RingContext.WritePointer, pointer),
        pointer => WriteRegisterPair(EventDoorbells + ((uint)index * 8), pointer));
}
