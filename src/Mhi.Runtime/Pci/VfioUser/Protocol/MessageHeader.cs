using System;
using System.Buffers.Binary;

namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>The 16 bytes before every message. Host byte order, which is little-endian on both architectures.</summary>
/// <param name="Id">Chosen by the sender of a command, repeated in the reply.</param>
/// <param name="Command">What is asked for.</param>
/// <param name="Length">Bytes of the message, these included.</param>
/// <param name="Flags">Type and options.</param>
/// <param name="Error">Positive error number of an error reply.</param>
internal readonly record struct MessageHeader(ushort Id, VfioUserCommand Command, uint Length, uint Flags, uint Error)
{
    internal const int Size = 16;
    internal const uint TypeMask = 0xf;
    internal const uint TypeCommand = 0;
    internal const uint TypeReply = 1;
    internal const uint NoReply = 0x10;
    internal const uint ErrorFlag = 0x20;

    internal uint Type => Flags & TypeMask;

    internal bool WantsReply => (Flags & NoReply) == 0;

    internal static MessageHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (VfioUserCommand)BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]));

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Id);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)Command);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Error);
    }
}
