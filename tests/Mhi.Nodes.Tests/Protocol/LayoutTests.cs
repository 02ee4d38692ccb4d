using System;
using System.Runtime.InteropServices;
using Mhi.Nodes.Protocol;
using Xunit;

namespace Mhi.Nodes.Tests.Protocol;

/// <summary>Sizes and positions of the kernel's structures, which are the same on x64 and arm64.</summary>
public class LayoutTests
{
    [Fact]
    public void Sizes()
    {
        Assert.Equal(40, Wire.SizeOf<RequestHeader>());
        Assert.Equal(16, Wire.SizeOf<ReplyHeader>());
        Assert.Equal(16, Wire.SizeOf<InitRequest>());
        Assert.Equal(64, Wire.SizeOf<InitReply>());
        Assert.Equal(16, Wire.SizeOf<CuseInitRequest>());
        Assert.Equal(72, Wire.SizeOf<CuseInitReply>());
        Assert.Equal(88, Wire.SizeOf<Attributes>());
        Assert.Equal(128, Wire.SizeOf<EntryReply>());
        Assert.Equal(16, Wire.SizeOf<GetAttributesRequest>());
        Assert.Equal(104, Wire.SizeOf<AttributesReply>());
        Assert.Equal(88, Wire.SizeOf<SetAttributesRequest>());
        Assert.Equal(8, Wire.SizeOf<OpenRequest>());
        Assert.Equal(16, Wire.SizeOf<OpenReply>());
        Assert.Equal(Wire.TransferLength, Wire.SizeOf<TransferRequest>());
        Assert.Equal(40, Wire.SizeOf<TransferRequest>());
        Assert.Equal(8, Wire.SizeOf<WriteReply>());
        Assert.Equal(24, Wire.SizeOf<ReleaseRequest>());
        Assert.Equal(80, Wire.SizeOf<StatFileSystemReply>());
        Assert.Equal(24, Wire.SizeOf<DirectoryEntry>());
        Assert.Equal(8, Wire.SizeOf<InterruptRequest>());
        Assert.Equal(32, Wire.SizeOf<IoctlRequest>());
        Assert.Equal(16, Wire.SizeOf<IoctlReply>());
        Assert.Equal(16, Wire.SizeOf<IoctlVector>());
        Assert.Equal(24, Wire.SizeOf<PollRequest>());
        Assert.Equal(8, Wire.SizeOf<PollReply>());
        Assert.Equal(24, Wire.SizeOf<PollNotification>());
    }

    [Theory]
    [InlineData(typeof(RequestHeader), "Unique", 8)]
    [InlineData(typeof(RequestHeader), "NodeId", 16)]
    [InlineData(typeof(RequestHeader), "ProcessId", 32)]
    [InlineData(typeof(RequestHeader), "ExtensionLength", 36)]
    [InlineData(typeof(TransferRequest), "Size", 16)]
    [InlineData(typeof(TransferRequest), "Flags", 32)]
    [InlineData(typeof(PollRequest), "KernelHandle", 8)]
    [InlineData(typeof(PollRequest), "Flags", 16)]
    [InlineData(typeof(PollRequest), "Events", 20)]
    [InlineData(typeof(IoctlRequest), "Command", 12)]
    [InlineData(typeof(IoctlRequest), "Argument", 16)]
    [InlineData(typeof(IoctlRequest), "InSize", 24)]
    [InlineData(typeof(DirectoryEntry), "NameLength", 16)]
    [InlineData(typeof(InitReply), "MaxWrite", 20)]
    [InlineData(typeof(InitReply), "MaxPages", 28)]
    [InlineData(typeof(CuseInitReply), "MaxRead", 16)]
    [InlineData(typeof(CuseInitReply), "DeviceMinor", 28)]
    [InlineData(typeof(Attributes), "Mode", 60)]
    [InlineData(typeof(Attributes), "GroupId", 72)]
    [InlineData(typeof(EntryReply), "Attributes", 40)]
    [InlineData(typeof(AttributesReply), "Attributes", 16)]
    [InlineData(typeof(SetAttributesRequest), "Mode", 68)]
    [InlineData(typeof(SetAttributesRequest), "UserId", 76)]
    [InlineData(typeof(PollNotification), "KernelHandle", 16)]
    public void Positions(Type type, string field, int offset) => Assert.Equal(offset, (int)Marshal.OffsetOf(type, field));

    [Fact]
    public void Notification_IsTheseBytes()
    {
        var notification = new PollNotification
        {
            Header = new ReplyHeader { Length = 24, Error = PollNotification.Code },
            KernelHandle = 0x1122334455667788,
        };
        Assert.Equal("180000000100000000000000000000008877665544332211", Convert.ToHexStringLower(Wire.Bytes(in notification)));
    }

    [Fact]
    public void TerminalCommands_KnowHowMuchMemoryTheyTouch()
    {
        Assert.True(TerminalCommands.TryGetLengths(0x5401, true, out int input, out int output));
        Assert.Equal((0, 36), (input, output));
        Assert.True(TerminalCommands.TryGetLengths(0x5403, true, out input, out output));
        Assert.Equal((36, 0), (input, output));
        Assert.True(TerminalCommands.TryGetLengths(0x802c542a, true, out input, out output));
        Assert.Equal((0, 44), (input, output));
        Assert.True(TerminalCommands.TryGetLengths(0x5418, true, out input, out output));
        Assert.Equal((4, 0), (input, output));
        Assert.False(TerminalCommands.TryGetLengths(0x5401, false, out _, out _));
        Assert.True(TerminalCommands.TryGetLengths(0x541b, false, out _, out output));
        Assert.Equal(4, output);
        Assert.False(TerminalCommands.TryGetLengths(0x1234, true, out _, out _));
    }
}
