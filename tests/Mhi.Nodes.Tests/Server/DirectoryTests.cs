using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class DirectoryTests
{
    [Fact]
    public void Lookup_FindsANodeAndItsAttributes()
    {
        var desk = new Desk();
        var entry = Request.Body<EntryReply>(desk.Ask(Request.Lookup(2, "mhi_0_TEST"), 2));
        Assert.Equal(desk.Node.Id, entry.NodeId);
        Assert.Equal(0x81b0u, entry.Attributes.Mode);
        Assert.Equal(1UL << 40, entry.Attributes.Size);
        Assert.Equal(1u, entry.Attributes.Links);
    }

    [Fact]
    public void Lookup_OfAnAbsence_IsAnErrorSoThatNobodyRemembersIt()
    {
        var desk = new Desk();
        byte[] reply = desk.Ask(Request.Lookup(2, "other"), 2);
        Assert.Equal(Errno.NoEntry, Request.Error(reply));
        Assert.Equal(16, reply.Length);
    }

    [Fact]
    public void Lookup_AfterReturn_FindsANewNode()
    {
        var desk = new Desk();
        ulong old = desk.Node.Id;
        _ = desk.Tree.Remove(desk.Stream);
        Assert.Equal(Errno.NoEntry, Request.Error(desk.Ask(Request.Lookup(2, "mhi_0_TEST"), 2)));
        Assert.True(desk.Tree.TryAdd(new StreamNode(desk.Stream, desk.Tree.TakeId(), NodePermissions.Default, desk.Kernel)));
        Assert.True(Request.Body<EntryReply>(desk.Ask(Request.Lookup(4, "mhi_0_TEST"), 4)).NodeId > old);
    }

    [Fact]
    public void SetAttributes_KeepsModeAndOwner_AcceptsTruncation()
    {
        var desk = new Desk();
        var request = new SetAttributesRequest { Valid = 1 | 4, Mode = 0x8180, GroupId = 20 };
        var attributes = Request.Body<AttributesReply>(desk.Ask(Request.Make(Opcode.SetAttributes, 2, desk.Node.Id, request), 2)).Attributes;
        Assert.Equal((0x8180u, 0u, 20u), (attributes.Mode, attributes.UserId, attributes.GroupId));
        byte[] truncated = desk.Ask(Request.Make(Opcode.SetAttributes, 4, desk.Node.Id, new SetAttributesRequest { Valid = 8 }), 4);
        Assert.Equal(0, Request.Error(truncated));
        Assert.Equal(
            Errno.NotPermitted, Request.Error(desk.Ask(Request.Make(Opcode.SetAttributes, 6, 1, new SetAttributesRequest { Valid = 1 }), 6)));
    }

    [Fact]
    public void GetAttributes_OfRootAndOfNothing()
    {
        var desk = new Desk();
        var root = Request.Body<AttributesReply>(desk.Ask(Request.Make(Opcode.GetAttributes, 2, 1, default(GetAttributesRequest)), 2));
        Assert.Equal(0x41edu, root.Attributes.Mode);
        Assert.Equal(Errno.NoDevice, Request.Error(desk.Ask(Request.Make(Opcode.GetAttributes, 4, 99, default(GetAttributesRequest)), 4)));
    }

    [Theory]
    [InlineData(4096u)]
    [InlineData(100u)]
    [InlineData(48u)]
    public void ReadDirectory_InPiecesOfAnySize_ListsEachNodeOnce(uint size)
    {
        var desk = new Desk();
        for (int i = 0; i < 20; i++)
        {
            Assert.True(desk.Tree.TryAdd(new StreamNode(new MemoryNode($"n{i}"), desk.Tree.TakeId(), NodePermissions.Default, desk.Kernel)));
        }

        var names = new List<string>();
        ulong offset = 0;
        while (true)
        {
            ulong unique = desk.NextUnique();
            byte[] reply = desk.Ask(Request.Make(Opcode.ReadDirectory, unique, 1, new TransferRequest { Size = size, Offset = offset }), unique);
            ReadOnlySpan<byte> rest = reply.AsSpan(16);
            Assert.True(rest.Length <= size);
            if (rest.IsEmpty)
            {
                break;
            }

            while (!rest.IsEmpty)
            {
                var entry = MemoryMarshal.Read<DirectoryEntry>(rest);
                names.Add(Encoding.UTF8.GetString(rest.Slice(24, (int)entry.NameLength)));
                offset = entry.NextOffset;
                rest = rest[((24 + (int)entry.NameLength + 7) & ~7)..];
            }
        }

        Assert.Equal(23, names.Count);
        Assert.Equal([".", "..", "mhi_0_TEST", "n0"], names[..4]);
        Assert.Equal("n19", names[^1]);
    }

    [Theory]
    [InlineData(8u, Errno.NotPermitted)]
    [InlineData(10u, Errno.NotPermitted)]
    [InlineData(35u, Errno.NotPermitted)]
    [InlineData(20u, Errno.Invalid)]
    [InlineData(22u, Errno.NoSystemCall)]
    [InlineData(52u, Errno.NoSystemCall)]
    [InlineData(9999u, Errno.NoSystemCall)]
    public void OtherRequests_AreRefused(uint opcode, int error)
    {
        var desk = new Desk();
        Assert.Equal(error, Request.Error(desk.Ask(Request.Make((Opcode)opcode, 2, 1, new byte[24]), 2)));
    }

    [Theory]
    [InlineData(2u)]
    [InlineData(42u)]
    public void Forget_HasNoReply(uint opcode)
    {
        var desk = new Desk();
        desk.Handle(Request.Make((Opcode)opcode, 2, 1, new byte[24]));
        Assert.Equal(0, desk.Kernel.Count);
    }
}
