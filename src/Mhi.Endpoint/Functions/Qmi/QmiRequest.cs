using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Qmi;

/// <summary>A request of the host, in a frame that was checked.</summary>
internal readonly ref struct QmiRequest
{
    private readonly ReadOnlySpan<byte> _values;

    private QmiRequest(ReadOnlySpan<byte> frame, int header)
    {
        ReadOnlySpan<byte> message = frame[QmiFormat.FrameHeader..];
        Service = frame[QmiFormat.FrameService];
        Client = frame[QmiFormat.FrameClient];
        Transaction = Service == QmiFormat.ControlService ? message[1] : Word(message, 1);
        Message = Word(message, header - 4);
        _values = message[header..];
        IsWellFormed = Word(message, header - 2) == _values.Length && AreValues(_values);
    }

    /// <summary>Which service is asked.</summary>
    public byte Service { get; }

    /// <summary>Which of its clients asks.</summary>
    public byte Client { get; }

    /// <summary>Number that goes back in the answer.</summary>
    public ushort Transaction { get; }

    /// <summary>What is asked.</summary>
    public ushort Message { get; }

    /// <summary>Whether the values fill the message exactly.</summary>
    public bool IsWellFormed { get; }

    /// <summary>Takes a frame apart.</summary>
    /// <param name="frame">What the host has sent.</param>
    /// <param name="request">The request.</param>
    /// <returns>Whether it is a request that can be answered.</returns>
    public static bool TryParse(ReadOnlySpan<byte> frame, out QmiRequest request)
    {
        request = default;
        if (frame.Length < QmiFormat.FrameHeader + QmiFormat.ControlHeader
            || frame[0] != QmiFormat.Marker
            || Word(frame, 1) != frame.Length - 1
            || frame[QmiFormat.FrameFlags] != 0)
        {
            return false;
        }

        int header = frame[QmiFormat.FrameService] == QmiFormat.ControlService ? QmiFormat.ControlHeader : QmiFormat.ServiceHeader;

        // Flags of the message: a request has none, responses and indications go the other way.
        if (frame.Length < QmiFormat.FrameHeader + header || frame[QmiFormat.FrameHeader] != 0)
        {
            return false;
        }

        request = new QmiRequest(frame, header);
        return true;
    }

    /// <summary>Finds a value. The message must be well-formed.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="length">Bytes it must have at least.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryFind(byte type, int length, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = _values;
        while (!rest.IsEmpty)
        {
            value = rest.Slice(QmiFormat.ValueHeader, Word(rest, 1));
            if (rest[0] == type)
            {
                return value.Length >= length;
            }

            rest = rest[(QmiFormat.ValueHeader + value.Length)..];
        }

        value = default;
        return false;
    }

    private static bool AreValues(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (rest.Length < QmiFormat.ValueHeader || rest.Length - QmiFormat.ValueHeader < Word(rest, 1))
            {
                return false;
            }

            rest = rest[(QmiFormat.ValueHeader + Word(rest, 1))..];
        }

        return true;
    }

    private static ushort Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
}
