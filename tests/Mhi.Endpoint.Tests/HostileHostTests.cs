using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

/// <summary>What a broken or malicious host may try, and that a good channel works afterwards all the same.</summary>
public sealed class HostileHostTests
{
    private const byte Up = 12;
    private const uint Ieot = RingElement.EndOfTransferFlag;
    private const int Elements = 32;

    /// <summary>Doorbells of a started channel: the value from the ring's base, and what it counts as.</summary>
    public static TheoryData<string, long, HostViolation> WrongDoorbells => new()
    {
        { "below the ring", -16, HostViolation.PointerOutsideRing },
        { "at the end of the ring", Elements * 16, HostViolation.PointerOutsideRing },
        { "far beyond", 0x7fff_0000, HostViolation.PointerOutsideRing },
        { "same low half, other high half", 0x1_0000_0000, HostViolation.PointerOutsideRing },
        { "all ones", -1, HostViolation.PointerOutsideRing },
        { "unaligned by 1", 17, HostViolation.PointerUnaligned },
        { "unaligned by 8", 24, HostViolation.PointerUnaligned },
    };

    public static TheoryData<string, Func<ChannelContext, ChannelContext>, HostViolation> WrongChannelContexts => new()
    {
        { "ring length 0", context => context with { RingLength = 0 }, HostViolation.InvalidChannelContext },
        { "one element", context => context with { RingLength = 16 }, HostViolation.InvalidChannelContext },
        { "not a power of two", context => context with { RingLength = 48 * 16 }, HostViolation.InvalidChannelContext },
        { "not whole elements", context => context with { RingLength = 40 }, HostViolation.InvalidChannelContext },
        { "absurd length", context => context with { RingLength = 1UL << 40 }, HostViolation.InvalidChannelContext },
        { "largest length", context => context with { RingLength = ulong.MaxValue }, HostViolation.InvalidChannelContext },
        { "ring base unaligned", context => context with { RingBase = context.RingBase + 8 }, HostViolation.InvalidChannelContext },
        { "ring base not on its length", context => context with { RingBase = context.RingBase + 16 }, HostViolation.InvalidChannelContext },
        {
            "ring unmapped, elements queued",
            context => context with { RingBase = 0xdead_0000, ReadPointer = 0xdead_0000, WritePointer = 0xdead_0040 },
            HostViolation.InvalidChannelContext
        },
        { "rp outside", context => context with { ReadPointer = context.RingBase + context.RingLength }, HostViolation.InvalidChannelContext },
        { "rp unaligned", context => context with { ReadPointer = context.RingBase + 4 }, HostViolation.InvalidChannelContext },
        { "wp outside", context => context with { WritePointer = context.RingBase - 16 }, HostViolation.InvalidChannelContext },
        { "wp zero", context => context with { WritePointer = 0 }, HostViolation.InvalidChannelContext },
        { "wrong direction", context => context with { Type = ChannelType.Inbound }, HostViolation.InvalidChannelContext },
        { "no direction", context => context with { Type = ChannelType.Invalid }, HostViolation.InvalidChannelContext },
        { "coalesced", context => context with { Type = (ChannelType)3 }, HostViolation.InvalidChannelContext },
        { "erindex one too large", context => context with { EventRing = 4 }, HostViolation.InvalidChannelContext },
        { "erindex absurd", context => context with { EventRing = 0xffff_ffff }, HostViolation.InvalidChannelContext },
    };

    public static TheoryData<string, Func<EventContext, EventContext>> WrongEventContexts => new()
    {
        { "invalid type", context => context with { Type = 0 } },
        { "unknown type", context => context with { Type = 2 } },
        { "vector not granted", context => context with { InterruptVector = 5 } },
        { "vector absurd", context => context with { InterruptVector = 0xffff_ffff } },
        { "length 0", context => context with { RingLength = 0 } },
        { "not a power of two", context => context with { RingLength = 100 * 16 } },
        { "absurd length", context => context with { RingLength = 1UL << 32 } },
        { "base unaligned", context => context with { RingBase = context.RingBase + 2048 - 16 } },
        { "rp outside", context => context with { ReadPointer = 0 } },
        { "wp unaligned", context => context with { WritePointer = context.WritePointer + 1 } },
    };

    [Theory]
    [MemberData(nameof(WrongDoorbells))]
    public void WrongChannelDoorbell_IsIgnoredAndCounted(string what, long offset, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);

        up.RingDoorbell(up.Base + (ulong)offset);
        _ = host.Step();

        Assert.True(host.Endpoint.CountOf(violation) == 1, what);
        AssertTakesPackets(host, up);
        host.AssertEchoes();
    }

    [Theory]
    [MemberData(nameof(WrongDoorbells))]
    public void WrongCommandDoorbell_IsIgnoredAndCounted(string what, long offset, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();

        host.Commands.RingDoorbell(host.Commands.Base + (ulong)(offset == Elements * 16 ? 128 * 16 : offset));
        _ = host.Step();

        Assert.True(host.Endpoint.CountOf(violation) == 1, what);
        host.AssertEchoes();
    }

    [Fact]
    public void DoorbellThatPassesUntakenElements_IsRefused()
    {
        var function = new RecordingFunction { Refuses = true };
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        ulong buffer = host.Buffer(1).BusAddress;
        for (int i = 0; i < 10; i++)
        {
            _ = up.Queue(RingElement.Transfer(buffer, 1, Ieot));
        }

        up.RingDoorbell();
        _ = host.Step();
        up.RingDoorbell(up.AddressOf(5));
        function.Refuses = false;
        _ = host.Step();
        _ = host.Step();

        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.RingOverrun));
        Assert.Equal(10, function.Received.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(13)]
    [InlineData(34)]
    [InlineData(Doorbell.EmergencyDownload)]
    [InlineData(Doorbell.DeviceWake)]
    [InlineData(126)]
    public void DoorbellOfAChannelThatDoesNotRun_MovesNothing(int channel)
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);

        host.RingChannel(channel, up.AddressOf(3));
        _ = host.Step();

        Assert.Empty(host.EventRings[0].Take());
        AssertTakesPackets(host, up);
        host.AssertEchoes();
    }

    [Fact]
    public void WakeAndEmergencyDownloadDoorbells_AreNoData()
    {
        using TestHost host = TestHost.PoweredUp();

        host.RingChannel(Doorbell.DeviceWake, 1);
        Assert.True(host.Endpoint.IsWakeAsserted);
        host.RingChannel(Doorbell.EmergencyDownload, 0xeded_eded);
        _ = host.Step();
        host.RingChannel(Doorbell.DeviceWake, 0);

        Assert.False(host.Endpoint.IsWakeAsserted);
        Assert.Empty(host.EventRings[0].Take());
        foreach (HostViolation violation in Enum.GetValues<HostViolation>())
        {
            Assert.Equal(0, host.Endpoint.CountOf(violation));
        }

        host.AssertEchoes();
    }

    [Theory]
    [MemberData(nameof(WrongChannelContexts))]
    public void WrongChannelContext_IsRefusedAtStart(string what, Func<ChannelContext, ChannelContext> change, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();
        host.WriteChannelContext(Up, change(host.DefaultChannelContext(Up)));

        Assert.True(host.Command(ElementType.StartChannel, Up) == CompletionCode.UndefinedError, what);

        Assert.Equal(1, host.Endpoint.CountOf(violation));
        Assert.Equal(ChannelState.Enabled, host.StateOf(Up));
        AssertTakesPackets(host, host.Start(Up));
        host.AssertEchoes();
    }

    [Theory]
    [MemberData(nameof(WrongEventContexts))]
    public void WrongControlRingContext_IsASystemError_AndAResetHelps(string what, Func<EventContext, EventContext> change)
    {
        using var host = new TestHost();
        host.Program();
        host.WriteEventContext(0, change(host.DefaultEventContext(0)));

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.True(host.Endpoint.State == MhiState.SystemError, what);
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidEventContext));
        Recover(host);
    }

    [Theory]
    [MemberData(nameof(WrongEventContexts))]
    public void WrongDataRingContext_OnlyStopsTheChannelsThatUseIt(string what, Func<EventContext, EventContext> change)
    {
        using var host = new TestHost();
        host.Program();
        host.WriteEventContext(1, change(host.DefaultEventContext(1)));
        host.RequestState(MhiState.M0);
        _ = host.Step();
        _ = host.EventRings[0].Take();
        host.WriteChannelContext(4, host.DefaultChannelContext(4));

        Assert.True(host.Command(ElementType.StartChannel, 4) == CompletionCode.UndefinedError, what);

        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidEventContext));
        host.AssertEchoes();
    }

    [Theory]
    [InlineData(MhiRegisters.EventContextBase, 0xdead_0000UL)]
    [InlineData(MhiRegisters.EventContextBase, 0UL)]
    [InlineData(MhiRegisters.EventContextBase, ulong.MaxValue - 3)]
    [InlineData(MhiRegisters.CommandContextBase, 0xdead_0000UL)]
    [InlineData(MhiRegisters.CommandContextBase, 2UL)]
    [InlineData(MhiRegisters.ChannelContextBase, ulong.MaxValue & ~3UL)]
    public void WrongContextArray_IsASystemError_AndAResetHelps(uint register, ulong address)
    {
        using var host = new TestHost();
        host.Program();
        host.WriteRegisterPair(register, address);

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.Equal(MhiState.SystemError, host.Endpoint.State);
        Recover(host);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(9u)]
    [InlineData(255u)]
    public void WrongNumberOfEventRings_IsASystemError_AndAResetHelps(uint rings)
    {
        using var host = new TestHost();
        host.Program();
        host.Write(MhiRegisters.Configuration, rings << MhiRegisters.EventRingsShift);

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.Equal(MhiState.SystemError, host.Endpoint.State);
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidConfiguration));
        Recover(host);
    }

    [Fact]
    public void WrongCommandContext_IsASystemError_AndAResetHelps()
    {
        using var host = new TestHost();
        host.Program();
        TestHost.WriteContext(host.CommandContext, 0, new CommandContext { RingBase = 0x10, RingLength = 2048 });

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.Equal(MhiState.SystemError, host.Endpoint.State);
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidCommandContext));
        Recover(host);
    }

    [Fact]
    public void UnmappedChannelContexts_OnlyFailTheCommand()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        host.Program();
        host.WriteRegisterPair(MhiRegisters.ChannelContextBase, 0xdead_0000);
        host.RequestState(MhiState.M0);
        _ = host.Step();
        _ = host.EventRings[0].Take();

        Assert.Equal(CompletionCode.UndefinedError, host.Command(ElementType.StartChannel, TestHost.LoopbackUp));
        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidChannelContext));
        Recover(host);
    }

    [Theory]
    [InlineData(0x00, 0, HostViolation.UnknownCommand)]
    [InlineData(0x01, 0, HostViolation.UnknownCommand)]
    [InlineData(0x02, 12, HostViolation.UnknownCommand)]
    [InlineData(0x13, 12, HostViolation.UnknownCommand)]
    [InlineData(0xff, 255, HostViolation.UnknownCommand)]
    [InlineData(0x12, 2, HostViolation.UnknownChannel)]
    [InlineData(0x12, 34, HostViolation.UnknownChannel)]
    [InlineData(0x12, Doorbell.EmergencyDownload, HostViolation.UnknownChannel)]
    [InlineData(0x12, Doorbell.DeviceWake, HostViolation.UnknownChannel)]
    [InlineData(0x12, 128, HostViolation.UnknownChannel)]
    [InlineData(0x10, 255, HostViolation.UnknownChannel)]
    public void UnknownCommandOrChannel_IsAnsweredWithAnError(byte type, int channel, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();

        Assert.Equal(CompletionCode.UndefinedError, host.Command((ElementType)type, channel));

        Assert.Equal(1, host.Endpoint.CountOf(violation));
        host.AssertEchoes();
    }

    [Theory]
    [InlineData(0xdead_0000UL, 1)]
    [InlineData(0UL, 16)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(ulong.MaxValue - 7, 16)]
    public void UplinkBufferThatIsNotMapped_IsABadElement(ulong address, ushort length)
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);

        ulong element = up.Queue(RingElement.Transfer(address, length, 0));
        up.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.BadElement, 0, Up));
        AssertTakesPackets(host, up);
        host.AssertEchoes();
    }

    [Fact]
    public void UplinkBufferThatCrossesTheEndOfItsMapping_IsABadElement()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);
        DmaRegion buffer = host.Buffer(1);

        ulong element = up.Queue(RingElement.Transfer(buffer.BusAddress + (ulong)buffer.Length - 1, 2, Ieot));
        up.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.BadElement, 0, Up));
        AssertTakesPackets(host, up);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x08)]
    [InlineData(0x22)]
    public void ElementOfAnotherType_IsABadElement_OnBothDirections(byte type)
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        TestRing down = host.Start(TestHost.LoopbackDown);
        var wrong = new RingElement(host.Buffer(1).BusAddress, 1, ((uint)type << 16) | Ieot);

        ulong first = up.Queue(wrong);
        up.RingDoorbell();
        ulong second = down.Queue(wrong);
        down.RingDoorbell();
        function.Send(1);
        _ = host.Step();

        Assert.Empty(function.Received);
        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(first, CompletionCode.BadElement, 0, TestHost.LoopbackUp),
            RingElement.TransferEvent(second, CompletionCode.BadElement, 0, TestHost.LoopbackDown));
        Assert.Equal(2, host.Endpoint.CountOf(HostViolation.BadElement));
    }

    [Fact]
    public void RingTakenAway_WhileTheChannelRuns_IsCounted_AndOtherChannelsGoOn()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);
        host.Function.FreeDma(up.Memory);

        host.RingChannel(Up, up.AddressOf(4));
        _ = host.Step();

        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.RingUnreachable));
        host.AssertEchoes();
    }

    [Fact]
    public void DataEventRingTakenAway_StopsItsChannels_AndOthersGoOn()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing diag = host.Start(4);
        host.Function.FreeDma(host.EventRings[1].Memory);

        _ = diag.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, Ieot));
        diag.RingDoorbell();
        _ = host.Step();

        Assert.Equal(1, host.Endpoint.CountOf(HostViolation.InvalidEventContext));
        Assert.Equal(MhiState.M0, host.Endpoint.State);
        host.AssertEchoes();
    }

    [Fact]
    public void ControlEventRingTakenAway_IsASystemError()
    {
        using TestHost host = TestHost.PoweredUp();
        host.Function.FreeDma(host.EventRings[0].Memory);

        _ = host.Commands.Queue(RingElement.Command(ElementType.StartChannel, Up));
        host.Commands.RingDoorbell();
        _ = host.Step();

        Assert.Equal(MhiState.SystemError, host.Endpoint.State);
    }

    [Fact]
    public void ContextsTakenAway_FailCommandsOnly_AndRunningChannelsGoOn()
    {
        using TestHost host = TestHost.PoweredUp();
        TestRing up = host.Start(Up);
        host.Function.FreeDma(host.ChannelContexts);

        Assert.Equal(CompletionCode.UndefinedError, host.Command(ElementType.StopChannel, Up));
        ulong element = up.AddressOf(0);
        RingElement packet = RingElement.Transfer(host.Buffer(1).BusAddress, 1, Ieot);
        MemoryMarshal.Write(up.Memory.Memory.Slice(0, 16), packet);
        host.RingChannel(Up, up.AddressOf(1));
        _ = host.Step();

        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, Up));
    }

    [Fact]
    public void EventDoorbellOutsideTheRing_GivesNoRoom_UntilARightOneComes()
    {
        using TestHost host = TestHost.PoweredUp();
        for (int i = 0; i < 127; i++)
        {
            _ = host.Commands.Queue(RingElement.Command(ElementType.StopChannel, Up));
        }

        host.Commands.RingDoorbell();
        _ = host.Step();
        Assert.Equal(127, host.EventRings[0].Read().Count);
        ulong start = host.EventRings[0].Base;
        foreach (ulong value in new ulong[] { 0, 1, ulong.MaxValue, start - 16, start + 2048, start + 3 })
        {
            host.EventRings[0].RingDoorbell(value);
            _ = host.Commands.Queue(RingElement.Command(ElementType.StopChannel, Up));
            host.Commands.RingDoorbell();
            _ = host.Step();
        }

        Assert.Empty(host.EventRings[0].Read());
        host.EventRings[0].Release();
        _ = host.Step();
        Assert.Equal(6, host.EventRings[0].Take().Count);
        host.AssertEchoes();
    }

    [Fact]
    public void EmptyDownlinkBuffers_AreUsedUpAndEnd()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing down = host.Start(TestHost.LoopbackDown);
        DmaRegion buffer = host.Buffer(new byte[4]);
        for (int i = 0; i < 30; i++)
        {
            _ = down.Queue(RingElement.Transfer(buffer.BusAddress, 0, Ieot));
        }

        ulong last = down.Queue(RingElement.Transfer(buffer.BusAddress, 4, Ieot));
        down.RingDoorbell();
        function.Send(1, 2);
        _ = host.Step();

        List<RingElement> events = host.EventRings[0].Take();
        Assert.Equal(31, events.Count);
        Assert.All(events.Take(30), element => Assert.Equal(CompletionCode.Overflow, element.Code));
        AssertEvents.Equal(events.Skip(30), RingElement.TransferEvent(last, CompletionCode.EndOfTransfer, 2, TestHost.LoopbackDown));
    }

    [Fact]
    public void WritesToReadOnlyRegisters_ChangeNothing()
    {
        using TestHost host = TestHost.PoweredUp();
        var before = new Dictionary<uint, uint>();
        uint[] writable =
        [
            MhiRegisters.Control,
            MhiRegisters.Configuration,
            MhiRegisters.SocResetRequest,
            TestHost.Bhi + BhiRegisters.ImageAddress,
            TestHost.Bhi + BhiRegisters.ImageAddress + 4,
            TestHost.Bhi + BhiRegisters.ImageSize,
            TestHost.Bhi + BhiRegisters.ImageDoorbell,
            TestHost.Bhi + BhiRegisters.InterruptVector,
        ];
        for (uint offset = 0; offset < 0x400; offset += 4)
        {
            before[offset] = host.Read(offset);
        }

        foreach (uint offset in before.Keys.Where(offset => !writable.Contains(offset) && offset is < 0x58 or >= 0xb0))
        {
            host.Write(offset, ~before[offset]);
            Assert.Equal(before[offset], host.Read(offset));
        }

        _ = host.Step();
        host.AssertEchoes();
    }

    private static void AssertTakesPackets(TestHost host, TestRing up)
    {
        ulong element = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, Ieot));
        up.RingDoorbell();
        _ = host.Step();
        AssertEvents.Equal(host.EventRings[0].Take(), RingElement.TransferEvent(element, CompletionCode.EndOfTransfer, 1, Up));
    }

    private static void Recover(TestHost host)
    {
        host.Write(MhiRegisters.Control, MhiRegisters.ControlReset);
        _ = host.Step();
        host.PowerUp();
        host.AssertEchoes();
    }
}
