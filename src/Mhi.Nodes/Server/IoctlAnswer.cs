using System;
using System.Runtime.InteropServices;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>Answers IOCTL.</summary>
internal static class IoctlAnswer
{
    /// <summary>Carries a request out and answers it, or asks the kernel to fetch the program's memory first.</summary>
    /// <param name="device">Where the answer goes.</param>
    /// <param name="unique">Number of the request.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="data">What the program passed; as long as the request says.</param>
    /// <param name="terminal">What terminals remember; null when the file is none.</param>
    /// <param name="available">Bytes that can be read; -1 when that is not known.</param>
    internal static void Send(
        FuseDevice device, ulong unique, in IoctlRequest request, ReadOnlySpan<byte> data, TerminalState? terminal, int available)
    {
        if (!TerminalCommands.TryGetLengths(request.Command, terminal is not null, out int inLength, out int outLength)
            || (request.Command == TerminalCommands.BytesAvailable && available < 0))
        {
            _ = device.Reply(unique, Errno.NotTerminal);
            return;
        }

        if (data.Length < inLength || request.OutSize < (uint)outLength)
        {
            bool mayAskAgain = (request.Flags & IoctlRequest.Unrestricted) != 0 && request.InSize == 0 && request.OutSize == 0;
            if (mayAskAgain)
            {
                Retry(device, unique, request.Argument, inLength, outLength);
            }
            else
            {
                // The number of the request does not say how long its data are, and this kernel does not let us fetch them.
                _ = device.Reply(unique, Errno.NotTerminal);
            }

            return;
        }

        Span<byte> reply = stackalloc byte[Wire.SizeOf<IoctlReply>() + TerminalCommands.Termios2Length];
        reply.Clear();
        Span<byte> output = reply.Slice(Wire.SizeOf<IoctlReply>(), outLength);
        if (request.Command == TerminalCommands.BytesAvailable)
        {
            MemoryMarshal.Write(output, available);
        }
        else
        {
            terminal!.Execute(request.Command, data[..inLength], output);
        }

        _ = device.ReplyBytes(unique, reply[..(Wire.SizeOf<IoctlReply>() + outLength)]);
    }

    private static void Retry(FuseDevice device, ulong unique, ulong argument, int inLength, int outLength)
    {
        Span<byte> reply = stackalloc byte[Wire.SizeOf<IoctlReply>() + Wire.SizeOf<IoctlVector>()];
        MemoryMarshal.Write(
            reply,
            new IoctlReply
            {
                Flags = IoctlReply.Retry,
                InVectors = inLength != 0 ? 1u : 0,
                OutVectors = outLength != 0 ? 1u : 0,
            });
        MemoryMarshal.Write(
            reply[Wire.SizeOf<IoctlReply>()..],
            new IoctlVector { Base = argument, Length = (uint)Math.Max(inLength, outLength) });
        _ = device.ReplyBytes(unique, reply);
    }
}
