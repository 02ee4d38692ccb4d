using System;
using System.Runtime.InteropServices;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

/// <summary>Contexts of a broken or malicious host, wrong from the start or taken away; the rest works all the same.</summary>
public sealed class HostileContextTests
{
    private const byte Up = HostileHost.Uplink;
    private const uint Ieot = RingElement.EndOfTransferFlag;

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
    [MemberData(nameof(WrongChannelContexts))]
    public void WrongChannelContext_IsRefusedAtStart(string what, Func<ChannelContext, ChannelContext> change, HostViolation violation)
    {
        using TestHost host = TestHost.PoweredUp();
        host.WriteChannelContext(Up, change(host.DefaultChannelContext(Up)));

        Assert.True(host.Command(ElementType.StartChannel, Up) == CompletionCode.UndefinedError, what);

        Assert.Equal(1, host.Endpoint.CountOf(violation));
        Assert.Equal(ChannelState.Enabled, host.StateOf(Up));
        HostileHost.AssertTakesPackets(host, host.Start(Up));
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
        HostileHost.Recover(host);
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
        HostileHost.Recover(host);
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
        HostileHost.Recover(host);
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
        HostileHost.Recover(host);
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
        HostileHost.Recover(host);
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
}
