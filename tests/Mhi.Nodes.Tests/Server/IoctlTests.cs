using System;
using System.Linq;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class IoctlTests
{
    private const uint Unrestricted = 2;

    [Theory]
    [InlineData(0x5401)] // TCGETS carries no size: the kernel passes it on without memory
    [InlineData(0x5415)]
    [InlineData(0x541b)]
    [InlineData(0x1234)]
    public void Restricted_WithoutSize_IsNoTerminal(uint command)
    {
        var desk = new Desk(isTerminal: true);
        Assert.Equal(Errno.NotTerminal, Request.Error(Ioctl(desk, desk.Open(), 0, command, 0, 0, [])));
    }

    [Fact]
    public void Restricted_Termios2_IsRemembered()
    {
        var desk = new Desk(isTerminal: true);
        ulong file = desk.Open();
        byte[] termios = [.. Enumerable.Range(1, 44).Select(i => (byte)i)];
        Assert.Equal(0, Request.Error(Ioctl(desk, file, 0, TerminalCommands.SetTermios2, 44, 0, termios)));
        byte[] reply = Ioctl(desk, desk.Open(), 0, TerminalCommands.GetTermios2, 0, 44, []);
        Assert.Equal(0, Request.Error(reply));
        Assert.Equal(termios, reply[32..]);
    }

    [Fact]
    public void Unrestricted_FirstAsksForTheMemory()
    {
        var desk = new Desk(isTerminal: true);
        ulong file = desk.Open();
        byte[] reply = Ioctl(desk, file, Unrestricted, TerminalCommands.GetTermios, 0, 0, [], 0x7fff0000);
        Assert.Equal(
            "0000000004000000" + "0000000001000000" // retry, nothing in, one piece out
            + "0000ff7f00000000" + "2400000000000000",
            Convert.ToHexStringLower(reply.AsSpan(16)));
        reply = Ioctl(desk, file, Unrestricted, TerminalCommands.GetTermios, 0, 36, [], 0x7fff0000);
        Assert.Equal(16 + 16 + 36, reply.Length);
        Assert.Equal(0x18b2u, BitConverter.ToUInt32(reply, 16 + 16 + 8));

        reply = Ioctl(desk, file, Unrestricted, TerminalCommands.SetTermios, 0, 0, [], 0x7fff0000);
        Assert.Equal("0000000004000000" + "0100000000000000", Convert.ToHexStringLower(reply.AsSpan(16, 16)));
        Assert.Equal(0, Request.Error(Ioctl(desk, file, Unrestricted, TerminalCommands.SetTermios, 36, 0, new byte[36])));
        reply = Ioctl(desk, file, Unrestricted, TerminalCommands.GetTermios, 0, 36, []);
        Assert.Equal(0u, BitConverter.ToUInt32(reply, 16 + 16 + 8));
    }

    [Fact]
    public void ModemLines_AreSetRaisedAndDropped()
    {
        var desk = new Desk(isTerminal: true);
        ulong file = desk.Open();
        Set(TerminalCommands.SetModemLines, 0x6);
        Set(TerminalCommands.RaiseModemLines, 0x20);
        Set(TerminalCommands.DropModemLines, 0x2);
        Assert.Equal(0x24u, BitConverter.ToUInt32(Ioctl(desk, file, Unrestricted, TerminalCommands.GetModemLines, 0, 4, []), 32));

        void Set(uint command, uint lines) =>
            Assert.Equal(0, Request.Error(Ioctl(desk, file, Unrestricted, command, 4, 0, BitConverter.GetBytes(lines))));
    }

    [Fact]
    public void Flush_NeedsNoMemory()
    {
        var desk = new Desk(isTerminal: true);
        Assert.Equal(0, Request.Error(Ioctl(desk, desk.Open(), Unrestricted, TerminalCommands.Flush, 0, 0, [])));
    }

    [Fact]
    public void BytesAvailable_CountsWhatIsUnread()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push([1, 2, 3]);
        desk.Stream.Push([4, 5]);
        _ = desk.TakeData(desk.BeginRead(file, 1));
        Assert.Equal(4, BitConverter.ToInt32(Ioctl(desk, file, Unrestricted, TerminalCommands.BytesAvailable, 0, 4, []), 32));
    }

    [Fact]
    public void Terminal_OnAnOrdinaryNode_IsRefused()
    {
        var desk = new Desk();
        Assert.Equal(Errno.NotTerminal, Request.Error(Ioctl(desk, desk.Open(), Unrestricted, TerminalCommands.GetTermios, 0, 0, [])));
    }

    [Fact]
    public void Ioctl_ThatClaimsMoreDataThanItHas_IsRefused()
    {
        var desk = new Desk(isTerminal: true);
        ulong file = desk.Open();
        Assert.Equal(Errno.Io, Request.Error(Ioctl(desk, file, 0, TerminalCommands.SetTermios2, 44, 0, new byte[43])));
        Assert.Equal(Errno.Io, Request.Error(Ioctl(desk, file, 0, TerminalCommands.SetTermios2, uint.MaxValue, 0, new byte[44])));
    }

    private static byte[] Ioctl(
        Desk desk, ulong file, uint flags, uint command, uint inSize, uint outSize, byte[] data, ulong argument = 0)
    {
        var body = new IoctlRequest { Handle = file, Flags = flags, Command = command, Argument = argument, InSize = inSize, OutSize = outSize };
        ulong unique = desk.NextUnique();
        return desk.Ask(Request.Make(Opcode.Ioctl, unique, desk.Node.Id, [.. Wire.Bytes(in body), .. data]), unique);
    }
}
