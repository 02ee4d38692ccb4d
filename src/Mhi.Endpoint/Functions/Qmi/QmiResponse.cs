using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Qmi;

/// <summary>Writes the frame of a response: its result first, then values.</summary>
internal sealed class QmiResponse
{
    private const byte ResultType = 2;
    private const int ResultLength = 4;

    // The longest value is a text of 64 characters, and no response has two of them.
    private const int Capacity = 128;

    private readonly byte[] _frame = new byte[Capacity];
    private int _values;
    private int _end;

    /// <summary>The frame.</summary>
    public ReadOnlySpan<byte> Written => _frame.AsSpan(0, _end);

    /// <summary>Starts the response to a request, as a success without values.</summary>
    /// <param name="request">The request.</param>
    public void Begin(in QmiRequest request)
    {
        bool isControl = request.Service == QmiFormat.ControlService;
        _frame[0] = QmiFormat.Marker;
        _frame[QmiFormat.FrameFlags] = QmiFormat.FromService;
        _frame[QmiFormat.FrameService] = request.Service;
        _frame[QmiFormat.FrameClient] = request.Client;
        Span<byte> message = _frame.AsSpan(QmiFormat.FrameHeader);

        // What marks a response differs as much as the length of the transaction.
        message[0] = isControl ? (byte)1 : (byte)2;
        message[1] = (byte)request.Transaction;
        message[2] = (byte)(request.Transaction >> 8);
        _values = QmiFormat.FrameHeader + (isControl ? QmiFormat.ControlHeader : QmiFormat.ServiceHeader);
        Put(_values - 4, request.Message);
        _end = _values;
        Add(ResultType, ResultLength).Clear();
    }

    /// <summary>Adds a value.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="length">Its length.</param>
    /// <returns>The value, to be filled.</returns>
    public Span<byte> Add(byte type, int length)
    {
        _frame[_end] = type;
        Put(_end + 1, (ushort)length);
        Span<byte> value = _frame.AsSpan(_end + QmiFormat.ValueHeader, length);
        _end += QmiFormat.ValueHeader + length;
        Put(1, (ushort)(_end - 1));
        Put(_values - 2, (ushort)(_end - _values));
        return value;
    }

    /// <summary>Adds a value.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="value">The value.</param>
    public void Add(byte type, ReadOnlySpan<byte> value) => value.CopyTo(Add(type, value.Length));

    /// <summary>Makes it a failure, without values.</summary>
    /// <param name="error">Why.</param>
    public void Fail(QmiError error)
    {
        _end = _values;
        Span<byte> result = Add(ResultType, ResultLength);
        BinaryPrimitives.WriteUInt16LittleEndian(result, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(result[2..], (ushort)error);
    }

    private void Put(int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(_frame.AsSpan(offset), value);
}
