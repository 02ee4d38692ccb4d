using System;
using System.Runtime.InteropServices;
using Mhi.Nodes.Protocol;
using Xunit;

namespace Mhi.Nodes.Tests.JitOnly;

/// <summary>Positions in the kernel's structures, which are the same on x64 and arm64. The fields are found by name.</summary>
public class FieldPositionTests
{
    [Theory]
    [InlineData(typeof(RequestHeader), "Unique", 8)]
    [InlineData(typeof(RequestHeader), "NodeId", 16)]
    [InlineData(typeof(RequestHeader), "ProcessId", 32)]
    [InlineData(typeof(RequestHeader), "ExtensionLength", 36)]
    [InlineData(typeof(TransferRequest), "Size", 16)]
    [InlineData(typeof(TransferRequest), "TransferFlags", 20)]
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
}
