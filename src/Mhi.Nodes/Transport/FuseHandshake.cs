using System;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Transport;

/// <summary>The first exchange of a FUSE connection: versions, sizes and the few features that streams want.</summary>
internal static class FuseHandshake
{
    private const uint WantedFlags =
        InitReply.AtomicTruncate | InitReply.BigWrites | InitReply.AbortError | InitReply.MaxPagesGiven;

    private const ushort MaxBackground = 16;
    private const ushort CongestionThreshold = 12;

    /// <summary>Waits for INIT and answers it.</summary>
    /// <param name="device">A connection that has been mounted.</param>
    /// <param name="buffer">At least 8192 bytes.</param>
    /// <returns>The kernel's minor version.</returns>
    /// <exception cref="NodeException">The kernel speaks another protocol.</exception>
    internal static uint Run(FuseDevice device, Span<byte> buffer)
    {
        while (true)
        {
            int length = device.Read(buffer);
            if (length == -Errno.Again && device.WaitForRequest())
            {
                continue;
            }

            if (length == -Errno.Interrupted)
            {
                continue;
            }

            if (length < 0)
            {
                throw new NodeException($"The kernel ended the mount before it had begun (errno {-length}).");
            }

            if (Answer(device, buffer[..length]) is { } minor)
            {
                return minor;
            }
        }
    }

    // Null when the kernel, which is newer, has to ask again with our version.
    private static uint? Answer(FuseDevice device, ReadOnlySpan<byte> request)
    {
        if (!Wire.TryRead(request, out RequestHeader header)
            || header.Opcode != Opcode.Init
            || !Wire.TryRead(request[Wire.RequestHeaderLength..], out InitRequest init))
        {
            throw new NodeException("The kernel did not begin with INIT; /dev/fuse is not what it should be.");
        }

        if (init.Major < Wire.Major || (init.Major == Wire.Major && init.Minor < Wire.OldestMinor))
        {
            _ = device.Reply(header.Unique, Errno.Io);
            throw new NodeException(
                $"The kernel speaks FUSE {init.Major}.{init.Minor}; device nodes need {Wire.Major}.{Wire.OldestMinor}, which Linux has since 5.4.");
        }

        var reply = new InitReply { Major = Wire.Major, Minor = Math.Min(init.Minor, Wire.Minor) };
        if (init.Major > Wire.Major)
        {
            reply.Minor = Wire.Minor;
            Send(device, header.Unique, reply);
            return null;
        }

        reply.MaxReadahead = init.MaxReadahead;
        reply.Flags = WantedFlags & init.Flags;
        reply.MaxBackground = MaxBackground;
        reply.CongestionThreshold = CongestionThreshold;
        reply.MaxWrite = Wire.MaxFuseTransfer;
        reply.TimeGranularity = 1;
        reply.MaxPages = Wire.MaxFusePages;
        Send(device, header.Unique, reply);
        return init.Minor;
    }

    private static void Send(FuseDevice device, ulong unique, in InitReply reply)
    {
        if (!device.ReplyWith(unique, reply))
        {
            throw new NodeException("The kernel refused the answer to INIT; the mount cannot be used.");
        }
    }
}
