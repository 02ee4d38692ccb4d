using System;
using Mhi.Nodes.Protocol;
using Xunit;

namespace Mhi.Nodes.Tests.Protocol;

/// <summary>Sizes of the kernel's structures, which are the same on x64 and arm64.</summary>
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
