using System;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Tests.Infrastructure;
using Mhi.Nodes.Transport;
using Xunit;

namespace Mhi.Nodes.Tests.Transport;

public class HandshakeTests
{
    [Fact]
    public void Fuse_TakesOnlyWhatItWants()
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Init(7, 45, 0x73fffffb));
        Assert.Equal(45u, FuseHandshake.Run(kernel, new byte[8192]));
        byte[] reply = kernel.TakeReply(2);
        Assert.Equal(80, reply.Length);
        var init = Request.Body<InitReply>(reply);
        Assert.Equal((7u, 45u), (init.Major, init.Minor));

        // Truncation with open, large writes, abort error, more pages; no write-back cache, no time-out, no READDIRPLUS.
        Assert.Equal((1u << 3) | (1u << 5) | (1u << 21) | (1u << 22), init.Flags);
        Assert.Equal(1u << 20, init.MaxWrite);
        Assert.Equal(256, init.MaxPages);
        Assert.Equal(131072u, init.MaxReadahead);
    }

    [Fact]
    public void Fuse_TakesOnlyWhatIsOffered()
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Init(7, 31, 1 << 5));
        Assert.Equal(31u, FuseHandshake.Run(kernel, new byte[8192]));
        var init = Request.Body<InitReply>(kernel.TakeReply(2));
        Assert.Equal(31u, init.Minor);
        Assert.Equal(1u << 5, init.Flags);
    }

    [Theory]
    [InlineData(7, 30)]
    [InlineData(6, 99)]
    public void Fuse_RefusesOldKernels(uint major, uint minor)
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Init(major, minor, 0));
        var exception = Assert.Throws<NodeException>(() => FuseHandshake.Run(kernel, new byte[8192]));
        Assert.Contains("7.31", exception.Message, StringComparison.Ordinal);
        Assert.NotEqual(0, Request.Error(kernel.TakeReply(2)));
    }

    [Fact]
    public void Fuse_ToldOfANewerMajor_NamesItsOwnAndIsAskedAgain()
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Init(8, 1, 0, unique: 2));
        kernel.Ask(Init(7, 45, 0, unique: 4));
        FuseHandshake.Run(kernel, new byte[8192]);
        Assert.Equal(7u, Request.Body<InitReply>(kernel.TakeReply(2)).Major);
        Assert.Equal(1u << 20, Request.Body<InitReply>(kernel.TakeReply(4)).MaxWrite);
    }

    [Fact]
    public void Fuse_WhenSomethingElseComes_Throws()
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Request.Lookup(2, "x"));
        _ = Assert.Throws<NodeException>(() => FuseHandshake.Run(kernel, new byte[8192]));
    }

    [Fact]
    public void Cuse_NamesTheDeviceInOneReply()
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Request.Make(Opcode.CuseInit, 2, 0, new CuseInitRequest { Major = 7, Minor = 41, Flags = 1 }));
        CuseHandshake.Run(kernel, "mhi_0_LOOPBACK", new byte[8192]);
        byte[] reply = kernel.TakeReply(2);
        Assert.Equal(
            "6f00000000000000" + "0200000000000000" // 111 bytes, no error, request 2
            + "0700000029000000" + "0000000001000000" // 7.41, unrestricted ioctl
            + "0000020000000200" + "0000000000000000" // 128 KiB both ways, any major and minor
            + new string('0', 80)
            + Convert.ToHexStringLower("DEVNAME=mhi_0_LOOPBACK\0"u8),
            Convert.ToHexStringLower(reply));
    }

    [Fact]
    public void Cuse_WithoutUnrestrictedIoctl_DoesNotAskForIt()
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Request.Make(Opcode.CuseInit, 2, 0, new CuseInitRequest { Major = 7, Minor = 12 }));
        CuseHandshake.Run(kernel, "a", new byte[8192]);
        Assert.Equal(0u, Request.Body<CuseInitReply>(kernel.TakeReply(2)).Flags);
    }

    [Fact]
    public void Cuse_RefusesOldKernels()
    {
        using var kernel = new FakeKernel();
        kernel.Ask(Request.Make(Opcode.CuseInit, 2, 0, new CuseInitRequest { Major = 7, Minor = 10 }));
        _ = Assert.Throws<NodeException>(() => CuseHandshake.Run(kernel, "a", new byte[8192]));
    }

    private static byte[] Init(uint major, uint minor, uint flags, ulong unique = 2)
    {
        var head = new InitRequest { Major = major, Minor = minor, MaxReadahead = 131072, Flags = flags };
        return Request.Make(Opcode.Init, unique, 0, [.. Wire.Bytes(in head), .. new byte[48]]);
    }
}
