using System;
using Mhi.Endpoint.VfioUser;
using Mhi.Pci;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

public sealed class ConfigSpaceTests
{
    private readonly ConfigSpace _config = new(new PciIdentity(0x105b, 0xe0ab, 0x1111, 0x2222), perVectorMask: true);

    /// <summary>Offset, length, value after power on, and what a write of all ones leaves.</summary>
    public static TheoryData<int, int, uint, uint> Registers => new()
    {
        { 0x00, 4, 0xe0ab_105b, 0xe0ab_105b },
        { 0x04, 2, 0x0000, 0x0546 },
        { 0x06, 2, 0x0010, 0x0010 },
        { 0x08, 4, 0xff00_0000, 0xff00_0000 },
        { 0x0c, 4, 0x0000_0000, 0x0000_0000 },
        { 0x10, 4, 0x0000_0004, 0xffff_f004 },
        { 0x14, 4, 0x0000_0000, 0xffff_ffff },
        { 0x18, 4, 0x0000_0000, 0x0000_0000 },
        { 0x24, 4, 0x0000_0000, 0x0000_0000 },
        { 0x2c, 4, 0x2222_1111, 0x2222_1111 },
        { 0x30, 4, 0x0000_0000, 0x0000_0000 },
        { 0x34, 4, 0x0000_0040, 0x0000_0040 },
        { 0x3c, 4, 0x0000_0000, 0x0000_00ff },
        { 0x40, 4, 0x4003_5001, 0x4003_5001 },
        { 0x44, 2, 0x0008, 0x010b },
        { 0x50, 4, 0x018a_7005, 0x01fb_7005 },
        { 0x54, 4, 0x0000_0000, 0xffff_fffc },
        { 0x58, 4, 0x0000_0000, 0xffff_ffff },
        { 0x5c, 4, 0x0000_0000, 0x0000_ffff },
        { 0x60, 4, 0x0000_0000, 0xffff_ffff },
        { 0x64, 4, 0x0000_0000, 0x0000_0000 },
        { 0x70, 4, 0x0002_0010, 0x0002_0010 },
        { 0x74, 4, 0x1000_8001, 0x1000_8001 },
        { 0x78, 2, 0x2810, 0x7fff },
        { 0x7a, 2, 0x0000, 0x0000 },
        { 0x7c, 4, 0x0000_0023, 0x0000_0023 },
        { 0xffc, 4, 0x0000_0000, 0x0000_0000 },
    };

    [Theory]
    [MemberData(nameof(Registers))]
    public void Register_HasItsValue_AndKeepsWhatCannotBeWritten(int offset, int length, uint initial, uint afterOnes)
    {
        Assert.Equal(initial, Read(offset, length));

        _ = _config.Write(offset, new byte[] { 0xff, 0xff, 0xff, 0xff }.AsSpan(0, length));

        Assert.Equal(afterOnes, Read(offset, length));
        _config.Reset();
        Assert.Equal(initial, Read(offset, length));
    }

    [Fact]
    public void CapabilityList_IsPowerManagementMsiAndPciExpress()
    {
        uint power = Read(0x34, 1);
        uint msi = Read((int)power + 1, 1);
        uint express = Read((int)msi + 1, 1);

        Assert.Equal([1u, 5u, 0x10u], [Read((int)power, 1), Read((int)msi, 1), Read((int)express, 1)]);
        Assert.Equal(0u, Read((int)express + 1, 1));
    }

    [Fact]
    public void WithoutMaskBits_TheMsiCapabilityIsShorter()
    {
        var config = new ConfigSpace(default, perVectorMask: false);
        byte[] bytes = new byte[4];
        _ = config.Write(0x60, [0xff, 0xff, 0xff, 0xff]);

        config.Read(0x60, bytes);
        Assert.Equal(new byte[4], bytes);
        Assert.Equal(0x8a, config.Word(0x52));
    }

    [Fact]
    public void WriteAcrossRegisters_GoesToEach()
    {
        byte[] all = new byte[4096];
        Array.Fill(all, (byte)0xff);

        ConfigEffects effects = _config.Write(0, all);

        Assert.Equal(ConfigEffects.Access | ConfigEffects.FunctionReset, effects);
        Assert.Equal(0x0546u, Read(4, 2));
        Assert.Equal(0u, Read(0x100, 4));
    }

    [Theory]
    [InlineData(4, 2, 6, (int)ConfigEffects.Access)]
    [InlineData(4, 1, 4, (int)ConfigEffects.Access)]
    [InlineData(5, 1, 4, (int)ConfigEffects.Access)]
    [InlineData(4, 2, 0, (int)ConfigEffects.None)]
    [InlineData(0x44, 2, 3, (int)ConfigEffects.Access)]
    [InlineData(0x44, 2, 0x8100, (int)ConfigEffects.None)]
    [InlineData(0x78, 2, 0xa810, (int)ConfigEffects.FunctionReset)]
    [InlineData(0x79, 1, 0x80, (int)ConfigEffects.FunctionReset)]
    [InlineData(0x78, 1, 0xff, (int)ConfigEffects.None)]
    [InlineData(0x78, 4, 0x2810, (int)ConfigEffects.None)]
    public void Write_SaysWhatTheDeviceHasToDo(int offset, int length, int value, int expected) =>
        Assert.Equal((ConfigEffects)expected, _config.Write(offset, BitConverter.GetBytes(value).AsSpan(0, length)));

    [Fact]
    public void BusMaster_NeedsTheBitAndD0()
    {
        Assert.False(_config.IsBusMaster);
        _ = _config.Write(4, [6, 0]);
        Assert.True(_config.IsBusMaster && _config.IsMemoryEnabled);
        _ = _config.Write(0x44, [3, 0]);
        Assert.False(_config.IsBusMaster || _config.IsMemoryEnabled);
        _ = _config.Write(0x44, [0, 0]);
        Assert.True(_config.IsBusMaster);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void PowerStateThatDoesNotExist_ChangesNothing(byte state)
    {
        _ = _config.Write(0x44, [state, 0]);

        Assert.Equal(0, _config.PowerState);
    }

    private uint Read(int offset, int length)
    {
        byte[] bytes = new byte[4];
        _config.Read(offset, bytes.AsSpan(0, length));
        return BitConverter.ToUInt32(bytes);
    }
}
