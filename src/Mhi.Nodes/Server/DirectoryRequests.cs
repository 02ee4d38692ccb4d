using System;
using System.Text;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>Answers what concerns names and attributes: a directory with one level of nodes.</summary>
internal sealed class DirectoryRequests(FuseDevice device, NodeTree tree)
{
    private const uint DirectoryMode = 0x1ed; // 0755
    private const uint BlockSize = 4096;
    private const uint LongestName = 255;
    private const ulong CookieOfSelf = 1;
    private const ulong CookieOfParent = 2;

    /// <summary>LOOKUP.</summary>
    /// <param name="header">The request.</param>
    /// <param name="body">The name and a zero byte.</param>
    internal void Lookup(in RequestHeader header, ReadOnlySpan<byte> body)
    {
        int end = body.IndexOf((byte)0);
        StreamNode? node = header.NodeId == Wire.RootNode && end > 0 ? tree.Find(Encoding.UTF8.GetString(body[..end])) : null;
        if (node is null)
        {
            // An error, not an empty entry: an absence that the kernel remembers would outlast the next publication.
            _ = device.Reply(header.Unique, Errno.NoEntry);
        }
        else
        {
            _ = device.ReplyWith(header.Unique, new EntryReply { NodeId = node.Id, Attributes = AttributesOf(node) });
        }
    }

    /// <summary>GETATTR.</summary>
    /// <param name="header">The request.</param>
    internal void GetAttributes(in RequestHeader header) => ReplyAttributes(header);

    /// <summary>SETATTR: mode and owner are kept, what a stream does not have is accepted, as it is by a device.</summary>
    /// <param name="header">The request.</param>
    /// <param name="body">What to set.</param>
    internal void SetAttributes(in RequestHeader header, ReadOnlySpan<byte> body)
    {
        const uint Kept = SetAttributesRequest.ValidMode | SetAttributesRequest.ValidUser | SetAttributesRequest.ValidGroup;
        if (!Wire.TryRead(body, out SetAttributesRequest request))
        {
            _ = device.Reply(header.Unique, Errno.Invalid);
            return;
        }

        if ((request.Valid & Kept) != 0)
        {
            if (tree.Find(header.NodeId) is not { } node)
            {
                _ = device.Reply(header.Unique, header.NodeId == Wire.RootNode ? Errno.NotPermitted : Errno.NoDevice);
                return;
            }

            NodePermissions old = node.Permissions;
            node.Permissions = new NodePermissions(
                (request.Valid & SetAttributesRequest.ValidMode) != 0 ? request.Mode & Wire.PermissionMask : old.Mode,
                (request.Valid & SetAttributesRequest.ValidUser) != 0 ? request.UserId : old.Owner,
                (request.Valid & SetAttributesRequest.ValidGroup) != 0 ? request.GroupId : old.Group);
        }

        ReplyAttributes(header);
    }

    /// <summary>STATFS.</summary>
    /// <param name="header">The request.</param>
    internal void StatFileSystem(in RequestHeader header) => device.ReplyWith(
        header.Unique, new StatFileSystemReply { BlockSize = BlockSize, FragmentSize = BlockSize, NameLength = LongestName });

    /// <summary>READDIR.</summary>
    /// <param name="header">The request.</param>
    /// <param name="body">Where to go on.</param>
    /// <param name="scratch">Memory for the reply; the body may lie in it.</param>
    internal void Read(in RequestHeader header, ReadOnlySpan<byte> body, Span<byte> scratch)
    {
        if (header.NodeId != Wire.RootNode || !Wire.TryRead(body, out TransferRequest request))
        {
            _ = device.Reply(header.Unique, Errno.Invalid);
            return;
        }

        var writer = new DirectoryWriter(scratch[..(int)Math.Min(request.Size, (uint)scratch.Length)]);
        bool fits = true;
        if (request.Offset < CookieOfSelf)
        {
            fits = writer.TryAdd(Wire.RootNode, CookieOfSelf, DirectoryEntry.Directory, ".");
        }

        if (fits && request.Offset < CookieOfParent)
        {
            fits = writer.TryAdd(Wire.RootNode, CookieOfParent, DirectoryEntry.Directory, "..");
        }

        // A node's cookie is one more than its number, so that nodes that come and go move no other.
        foreach (StreamNode node in tree.ToArray())
        {
            if (fits && node.Id + 1 > request.Offset)
            {
                fits = writer.TryAdd(node.Id, node.Id + 1, DirectoryEntry.RegularFile, node.File.Name);
            }
        }

        _ = device.ReplyBytes(header.Unique, scratch[..writer.Length]);
    }

    private static Attributes AttributesOf(StreamNode node)
    {
        NodePermissions permissions = node.Permissions;
        return new Attributes
        {
            Inode = node.Id,
            Size = Wire.ReportedSize,
            Mode = Wire.RegularType | permissions.Mode,
            Links = 1,
            UserId = permissions.Owner,
            GroupId = permissions.Group,
            BlockSize = BlockSize,
        };
    }

    private void ReplyAttributes(in RequestHeader header)
    {
        var reply = default(AttributesReply);
        if (header.NodeId == Wire.RootNode)
        {
            reply.Attributes = new Attributes
            {
                Inode = Wire.RootNode,
                Mode = Wire.DirectoryType | DirectoryMode,
                Links = 2,
                BlockSize = BlockSize,
            };
        }
        else if (tree.Find(header.NodeId) is { } node)
        {
            reply.Attributes = AttributesOf(node);
        }
        else
        {
            _ = device.Reply(header.Unique, Errno.NoDevice);
            return;
        }

        _ = device.ReplyWith(header.Unique, reply);
    }
}
