using System;
using System.Runtime.InteropServices;
using System.Text;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>Requests as the kernel sends them.</summary>
internal static class Request
{
    public static byte[] Make(Opcode opcode, ulong unique, ulong node, ReadOnlySpan<byte> body)
    {
        var header = new RequestHeader
        {
            Length = (uint)(Wire.RequestHeaderLength + body.Length),
            Opcode = opcode,
            Unique = unique,
            NodeId = node,
        };
        return [.. Wire.Bytes(in header), .. body];
    }

    public static byte[] Make<T>(Opcode opcode, ulong unique, ulong node, T body)
        where T : unmanaged => Make(opcode, unique, node, Wire.Bytes(in body));

    public static byte[] Lookup(ulong unique, string name) =>
        Make(Opcode.Lookup, unique, Wire.RootNode, Encoding.UTF8.GetBytes(name + "\0"));

    public static byte[] Read(ulong unique, ulong file, uint size, uint flags = 0, ulong offset = 0, uint transferFlags = TransferRequest.LockOwnerGiven) =>
        Make(Opcode.Read, unique, 2, new TransferRequest { Handle = file, Size = size, Flags = flags, Offset = offset, TransferFlags = transferFlags });

    public static byte[] Write(ulong unique, ulong file, ReadOnlySpan<byte> data, uint flags = 0)
    {
        var body = new TransferRequest { Handle = file, Size = (uint)data.Length, Flags = flags };
        return Make(Opcode.Write, unique, 2, [.. Wire.Bytes(in body), .. data]);
    }

    public static byte[] Poll(ulong unique, ulong file, ulong kernelHandle, uint events, bool notify = true) =>
        Make(
            Opcode.Poll,
            unique,
            2,
            new PollRequest { Handle = file, KernelHandle = kernelHandle, Events = events, Flags = notify ? PollRequest.ScheduleNotify : 0 });

    public static byte[] Interrupt(ulong target) => Make(Opcode.Interrupt, target | 1, 0, new InterruptRequest { Unique = target });

    public static T Body<T>(byte[] reply)
        where T : unmanaged => MemoryMarshal.Read<T>(reply.AsSpan(Wire.ReplyHeaderLength));

    public static int Error(byte[] reply) => -MemoryMarshal.Read<ReplyHeader>(reply).Error;
}
