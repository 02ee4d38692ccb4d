using System;
using System.Text;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Transport;

/// <summary>The first exchange of a CUSE connection: it makes the character device.</summary>
internal static class CuseHandshake
{
    private const int MaxDescription = 4096;

    /// <summary>Waits for CUSE_INIT and answers it. Whether the device could be made, the file system tells afterwards.</summary>
    /// <param name="device">A fresh connection.</param>
    /// <param name="name">Name of the device below <c>/dev</c>.</param>
    /// <param name="buffer">At least 8192 bytes.</param>
    /// <exception cref="NodeException">The kernel speaks another protocol, or the name is too long.</exception>
    internal static void Run(FuseDevice device, string name, Span<byte> buffer)
    {
        int length;
        while ((length = device.Read(buffer)) is -Errno.Again or -Errno.Interrupted)
        {
            if (length == -Errno.Again && !device.WaitForRequest())
            {
                break;
            }
        }

        if (length < 0
            || !Wire.TryRead(buffer[..length], out RequestHeader header)
            || header.Opcode != Opcode.CuseInit
            || !Wire.TryRead(buffer[Wire.RequestHeaderLength..length], out CuseInitRequest init))
        {
            throw new NodeException("The kernel did not begin with CUSE_INIT; /dev/cuse is not what it should be.");
        }

        if (init.Major != Wire.Major || init.Minor < Wire.OldestCuseMinor)
        {
            _ = device.Reply(header.Unique, Errno.Io);
            throw new NodeException(
                $"The kernel speaks CUSE {init.Major}.{init.Minor}; device nodes need {Wire.Major}.{Wire.OldestCuseMinor} or newer.");
        }

        byte[] body = Body(name, init);
        if (!device.ReplyBytes(header.Unique, body))
        {
            throw new NodeException($"The kernel refused to make the device '{name}'.");
        }
    }

    private static byte[] Body(string name, CuseInitRequest init)
    {
        var reply = new CuseInitReply
        {
            Major = Wire.Major,
            Minor = init.Minor,

            // Asked for where it is offered: the requests of terminals carry no size in their number.
            Flags = init.Flags & CuseInitReply.UnrestrictedIoctl,
            MaxRead = Wire.MaxCuseTransfer,
            MaxWrite = Wire.MaxCuseTransfer,
        };
        byte[] description = Encoding.UTF8.GetBytes($"DEVNAME={name}\0");
        return description.Length <= MaxDescription
            ? [.. Wire.Bytes(in reply), .. description]
            : throw new NodeException($"The name of the device '{name}' is too long.");
    }
}
