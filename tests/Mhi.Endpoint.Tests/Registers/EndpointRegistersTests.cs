using Mhi.Endpoint.Registers;
using Mhi.Interop.Threading;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.Registers;

public sealed class EndpointRegistersTests
{
    [Theory]
    [InlineData(0x1000u)]
    [InlineData(0xffff_fffcu)]
    [InlineData(0x401u)]
    [InlineData(0x3au)]
    [InlineData(0x7fffu)]
    public void AccessBehindTheBarOrUnaligned_ReadsZero_AndIsIgnored(uint offset)
    {
        EndpointRegisters registers = Create();

        registers.HostWrite(offset, 0xffff_ffff);

        Assert.Equal(0u, registers.HostRead(offset));
        Assert.Equal(1, registers.IgnoredWrites);
    }

    [Theory]
    [InlineData(0x04u)]
    [InlineData(0x3cu)]
    [InlineData(0x78u)]
    [InlineData(0x90u)]
    [InlineData(0x240u)]
    [InlineData(0x900u)]
    [InlineData(0xffcu)]
    public void UndefinedRegister_ReadsZero_AndIgnoresWrites(uint offset)
    {
        EndpointRegisters registers = Create();

        registers.HostWrite(offset, 0xffff_ffff);

        Assert.Equal(0u, registers.HostRead(offset));
        Assert.Equal(1, registers.IgnoredWrites);
    }

    [Theory]
    [InlineData(MhiRegisters.ChannelContextBase)]
    [InlineData(MhiRegisters.EventContextBase + 4)]
    [InlineData(MhiRegisters.CommandContextBase)]
    [InlineData(MhiRegisters.ControlBase)]
    [InlineData(MhiRegisters.ControlLimit + 4)]
    [InlineData(MhiRegisters.DataBase)]
    [InlineData(MhiRegisters.DataLimit)]
    [InlineData(0x400u)]
    [InlineData(0x404u)]
    [InlineData(0x7fcu)]
    [InlineData(0x800u)]
    [InlineData(0x8fcu)]
    [InlineData(0x120u)]
    public void HostRegister_KeepsWhatWasWritten(uint offset)
    {
        EndpointRegisters registers = Create();

        registers.HostWrite(offset, 0xa5a5_5a5a);

        Assert.Equal(0xa5a5_5a5au, registers.HostRead(offset));
        Assert.Equal(0, registers.IgnoredWrites);
    }

    [Fact]
    public void Doorbell_IsCommittedByItsLowHalf()
    {
        EndpointRegisters registers = Create();
        uint seen = registers.DoorbellCount(5);
        uint sequence = registers.DoorbellSequence;

        registers.HostWrite(0x400 + (5 * 8) + 4, 0x12);
        Assert.Equal(sequence, registers.DoorbellSequence);
        Assert.False(registers.TryTakeDoorbell(5, ref seen, out _));

        registers.HostWrite(0x400 + (5 * 8), 0x3456_7890);
        Assert.NotEqual(sequence, registers.DoorbellSequence);
        Assert.True(registers.TryTakeDoorbell(5, ref seen, out ulong value));
        Assert.Equal(0x12_3456_7890UL, value);
        Assert.False(registers.TryTakeDoorbell(5, ref seen, out _));
    }

    [Fact]
    public void Doorbells_AreState_SeveralWritesMergeIntoTheNewest()
    {
        EndpointRegisters registers = Create();
        uint seen = registers.DoorbellCount(0);

        registers.HostWrite(0x400, 0x10);
        registers.HostWrite(0x400, 0x20);
        registers.HostWrite(0x400, 0x30);

        Assert.True(registers.TryTakeDoorbell(0, ref seen, out ulong value));
        Assert.Equal(0x30UL, value);
        Assert.False(registers.TryTakeDoorbell(0, ref seen, out _));
    }

    [Fact]
    public void DoorbellWithAnOldValue_IsStillANewDoorbell()
    {
        EndpointRegisters registers = Create();
        uint seen = registers.DoorbellCount(0);
        registers.HostWrite(0x400, 0x10);
        _ = registers.TryTakeDoorbell(0, ref seen, out _);

        registers.HostWrite(0x400, 0x10);

        Assert.True(registers.TryTakeDoorbell(0, ref seen, out _));
    }

    [Fact]
    public void Configuration_TakesTheRingNumbersOnly()
    {
        EndpointRegisters registers = Create();

        registers.HostWrite(MhiRegisters.Configuration, 0x0203_ffff);

        Assert.Equal(0x0203_2080u, registers.HostRead(MhiRegisters.Configuration));
        Assert.Equal(3, registers.RequestedEventRings);
    }

    [Fact]
    public void EventDoorbells_DoNotDisturbTheDevice()
    {
        EndpointRegisters registers = Create();
        uint doorbells = registers.DoorbellSequence;
        uint control = registers.ControlSequence;

        registers.HostWrite(0x80c, 1);
        registers.HostWrite(0x808, 0x40);

        Assert.Equal(doorbells, registers.DoorbellSequence);
        Assert.Equal(control, registers.ControlSequence);
        Assert.Equal(0x1_0000_0040UL, registers.ReadEventDoorbell(1));
    }

    [Fact]
    public void OemKeyHash_IsReported()
    {
        var identity = new EndpointIdentity(7, 8, [0x11, 0x22]);
        var registers = new EndpointRegisters(identity, 128, 32, 4, new Parker());

        Assert.Equal(0x11u, registers.HostRead(0x164));
        Assert.Equal(0x22u, registers.HostRead(0x168));
        Assert.Equal(0u, registers.HostRead(0x16c));
    }

    private static EndpointRegisters Create() => new(EndpointIdentity.Emulated, 128, 32, 4, new Parker());
}
