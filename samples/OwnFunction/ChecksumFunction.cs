using System;
using System.Buffers.Binary;
using Mhi.Endpoint.Functions;

namespace OwnFunction;

public sealed class ChecksumFunction : ChannelFunction
{
    private readonly byte[] _answer = new byte[sizeof(uint)];

    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        uint sum = 0;
        foreach (byte value in packet)
        {
            sum += value;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_answer, sum);
        return downlink.TrySend(_answer);
    }
}
