using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Runtime.Tests.Protocol;

/// <summary>Wire structures against the byte offsets that the protocol gives, byte by byte.</summary>
public class LayoutTests
{
    [Fact]
    public void Sizes_AreThoseOfTheWire()
    {
        Assert.Equal(16, Unsafe.SizeOf<RingElement>());
        Assert.Equal(44, Unsafe.SizeOf<ChannelContext>());
        Assert.Equal(44, Unsafe.SizeOf<EventContext>());
        Assert.Equal(44, Unsafe.SizeOf<CommandContext>());
        Assert.Equal(0x2c, RingContext.Length);
    }

    [Fact]
    public void ChannelContext_FieldsLieWhereTheDeviceLooks()
    {
        var context = new ChannelContext
        {
            Configuration = ChannelContext.Pack(ChannelState.Enabled, BurstMode.Enabled),
            Type = ChannelType.Inbound,
            EventRing = 0x04030201,
            RingBase = 0x1817161514131211,
            RingLength = 0x2827262524232221,
            ReadPointer = 0x3837363534333231,
            WritePointer = 0x4847464544434241,
        };

        Assert.Equal(
            "01030000" + "02000000" + "01020304" + "1112131415161718" + "2122232425262728" + "3132333435363738" + "4142434445464748",
            Hex(context));
    }

    [Fact]
    public void EventContext_FieldsLieWhereTheDeviceLooks()
    {
        var context = new EventContext
        {
            Moderation = 5u << EventContext.ModerationTimeShift,
            Type = EventContext.ValidType,
            InterruptVector = 3,
            RingBase = 1,
            RingLength = 2,
            ReadPointer = 3,
            WritePointer = 4,
        };

        Assert.Equal(
            "00000500" + "01000000" + "03000000" + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000",
            Hex(context));
    }

    [Fact]
    public void CommandContext_SharesTheTailOfTheOthers()
    {
        var context = new CommandContext { RingBase = 1, RingLength = 2, ReadPointer = 3, WritePointer = 4 };

        Assert.Equal(new string('0', 24) + "0100000000000000" + "0200000000000000" + "0300000000000000" + "0400000000000000", Hex(context));
        Assert.Equal(0x0c, RingContext.Base);
        Assert.Equal(0x14, RingContext.RingLength);
        Assert.Equal(0x1c, RingContext.ReadPointer);
        Assert.Equal(0x24, RingContext.WritePointer);
    }

    [Fact]
    public void RingElement_OnTheWire_IsAddressThenWords()
    {
        byte[] bytes = new byte[16];
        MemoryMarshal.Write(bytes, new RingElement(0x8877_6655_4433_2211, 0xccbb_aa99, 0x00ff_eedd));

        Assert.Equal("112233445566778899AABBCCDDEEFF00", Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData(RingElement.EndOfTransferFlag, 0x00020200u)]
    [InlineData(RingElement.EndOfTransferFlag | RingElement.BlockInterruptFlag, 0x00020600u)]
    [InlineData(RingElement.ChainFlag, 0x00020001u)]
    [InlineData(RingElement.ChainFlag | RingElement.EndOfBlockFlag, 0x00020101u)]
    public void TransferElement_HasTheWordsThatHostsSend(uint flags, uint word1)
    {
        RingElement element = RingElement.Transfer(0x1122334455667788, 0xabcd, flags);

        Assert.Equal(0x1122334455667788u, element.Address);
        Assert.Equal(0xabcdu, element.Word0);
        Assert.Equal(word1, element.Word1);
        Assert.Equal((flags & RingElement.ChainFlag) != 0, element.IsChained);
    }

    [Theory]
    [InlineData(ElementType.StartChannel, 20, 0x14120000u)]
    [InlineData(ElementType.StopChannel, 0, 0x00110000u)]
    [InlineData(ElementType.ResetChannel, 101, 0x65100000u)]
    public void CommandElement_HasChannelAndType(ElementType type, byte channel, uint word1)
    {
        RingElement element = RingElement.Command(type, channel);

        Assert.Equal((0ul, 0u, word1), (element.Address, element.Word0, element.Word1));
        Assert.Equal((type, channel), (element.Type, element.Channel));
    }

    // Words as a stock kernel's trace shows them.
    [Fact]
    public void Events_ReadAsRecorded()
    {
        Assert.Equal(MhiState.M0, new RingElement(0, 0x2000000, 0x200000).State);
        Assert.Equal(ElementType.StateChange, new RingElement(0, 0x2000000, 0x200000).Type);
        Assert.Equal(ExecutionEnvironment.Amss, new RingElement(0, 0x2000000, 0x400000).Environment);
        Assert.Equal(CompletionCode.Success, new RingElement(0x263d000, 0x1000000, 0x210000).Code);

        var transfer = new RingElement(0x25a9000, 0x2000001, 0x20220000);
        Assert.Equal((CompletionCode.EndOfTransfer, (ushort)1, (byte)32), (transfer.Code, transfer.TransferLength, transfer.Channel));
        Assert.Equal(transfer, RingElement.TransferEvent(0x25a9000, CompletionCode.EndOfTransfer, 1, 32));
        Assert.Equal(new RingElement(0, 0x2000000, 0x200000), RingElement.StateEvent(MhiState.M0));
        Assert.Equal(new RingElement(0, 0x2000000, 0x400000), RingElement.EnvironmentEvent(ExecutionEnvironment.Amss));
        Assert.Equal(new RingElement(0x263d000, 0x1000000, 0x210000), RingElement.CommandEvent(0x263d000, CompletionCode.Success));
    }

    private static string Hex<T>(T value)
        where T : unmanaged =>
        System.Convert.ToHexStringLower(MemoryMarshal.AsBytes(new System.ReadOnlySpan<T>(in value)));
}
