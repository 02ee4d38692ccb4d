using System;
using Mhi.Endpoint.Logging;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser.Protocol;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Endpoint.VfioUser;

/// <content>DEVICE_GET_IRQ_INFO and DEVICE_SET_IRQS.</content>
internal sealed partial class VfioUserSession
{
    private const int InterruptKinds = 5;

    // INTx and MSI-X do not exist. ERR and REQ are offered because clients want them, and never signalled.
    private static uint VectorsOf(uint kind) => kind switch
    {
        MsiKind => ConfigLayout.MsiVectors,
        ErrorKind or RequestKind => 1,
        _ => 0,
    };

    private ErrorNumber GetInterruptInfo(ReadOnlySpan<byte> payload, out int length)
    {
        length = InterruptInfoLength;
        if (payload.Length != InterruptInfoLength || Word(payload, 0) < InterruptInfoLength || Word(payload, 8) >= InterruptKinds)
        {
            return ErrorNumber.Invalid;
        }

        uint kind = Word(payload, 8);
        Span<byte> reply = _stream.ReplyPayload;
        PutWord(reply, 0, InterruptInfoLength);
        PutWord(reply, 4, VectorsOf(kind) != 0 ? EventDescriptors : 0);
        PutWord(reply, 8, kind);
        PutWord(reply, 12, VectorsOf(kind));
        return ErrorNumber.None;
    }

    private ErrorNumber SetInterrupts(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < SetInterruptsLength || Word(payload, 0) < SetInterruptsLength)
        {
            return ErrorNumber.Invalid;
        }

        uint flags = Word(payload, 4);
        uint kind = Word(payload, 8);
        uint start = Word(payload, 12);
        uint count = Word(payload, 16);
        int descriptors = _stream.DescriptorCount;
        ErrorNumber error = kind < InterruptKinds && start <= VectorsOf(kind) && count <= VectorsOf(kind) - start
            ? SetInterrupts(flags, kind, start, count, payload[SetInterruptsLength..])
            : ErrorNumber.Invalid;
        if (_device.Log is { } log)
        {
            using LogLine line = log.Begin("vfio.set_irqs");
            line.Number("index", kind);
            line.Number("flags", flags);
            line.Number("start", start);
            line.Number("count", count);
            line.Number("fds", descriptors);
            line.Number("err", (int)error);
        }

        return error;
    }

    private ErrorNumber SetInterrupts(uint flags, uint kind, uint start, uint count, ReadOnlySpan<byte> data)
    {
        switch (flags)
        {
            case ActionTrigger | DataEvents when data.IsEmpty && (_stream.DescriptorCount == 0 || _stream.DescriptorCount == count):
                for (uint vector = start; vector < start + count; vector++)
                {
                    Assign(kind, vector, _stream.DescriptorCount == 0 ? null : _stream.TakeDescriptor(0).ToEventFd());
                }

                return ErrorNumber.None;
            case ActionTrigger | DataNone when data.IsEmpty && count == 0 && start == 0:
                for (uint vector = 0; vector < VectorsOf(kind); vector++)
                {
                    Assign(kind, vector, null);
                }

                return ErrorNumber.None;
            case ActionTrigger | DataNone when data.IsEmpty:
                for (uint vector = start; vector < start + count; vector++)
                {
                    Fire(kind, vector);
                }

                return ErrorNumber.None;
            case ActionTrigger | DataBool when data.Length == count:
                for (uint i = 0; i < count; i++)
                {
                    if (data[(int)i] != 0)
                    {
                        Fire(kind, start + i);
                    }
                }

                return ErrorNumber.None;
            default:
                return ErrorNumber.Invalid;
        }
    }

    private void Assign(uint kind, uint vector, EventFd? descriptor)
    {
        if (kind == MsiKind)
        {
            _device.Vectors.Assign((int)vector, descriptor);
        }
        else
        {
            KeepOther((int)kind, descriptor);
        }
    }

    private void Fire(uint kind, uint vector)
    {
        if (kind == MsiKind)
        {
            _device.Vectors.Raise((int)vector);
        }
        else
        {
            _otherInterrupts[kind]?.Signal();
        }
    }

    private void KeepOther(int kind, EventFd? descriptor)
    {
        _otherInterrupts[kind]?.Dispose();
        _otherInterrupts[kind] = descriptor;
    }
}
