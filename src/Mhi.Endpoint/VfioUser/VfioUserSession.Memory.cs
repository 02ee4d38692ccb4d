using System;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Logging;
using Mhi.Interop.Sockets;
using Mhi.Pci.VfioUser.Protocol;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Endpoint.VfioUser;

/// <content>DMA_MAP and DMA_UNMAP.</content>
internal sealed partial class VfioUserSession
{
    private ErrorNumber MapDma(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != MapLength || Word(payload, 0) < MapLength || _stream.DescriptorCount > 1)
        {
            return ErrorNumber.Invalid;
        }

        uint flags = Word(payload, 4);
        ulong offset = Long(payload, 8);
        ulong iova = Long(payload, 16);
        ulong length = Long(payload, 24);
        bool hasDescriptor = _stream.DescriptorCount == 1;
        var access = (DmaAccess)(flags & (uint)DmaAccess.ReadWrite);
        ErrorNumber error = ErrorNumber.Invalid;

        // Bits 2 and 3 say how a descriptor may be used; mapping is what is done with it in any case.
        if (access != DmaAccess.None && (flags & ~0xfu) == 0)
        {
            using FileDescriptor? descriptor = hasDescriptor ? _stream.TakeDescriptor(0) : null;
            error = _device.Memory.Map(iova, length, access, offset, descriptor);
        }

        if (_device.Log is { } log)
        {
            using LogLine line = log.Begin("vfio.dma_map");
            line.Hex("iova", iova);
            line.Hex("size", length);
            line.Hex("off", offset);
            line.Number("flags", flags);
            line.Flag("fd", hasDescriptor);
            line.Number("err", (int)error);
        }

        return error;
    }

    private ErrorNumber UnmapDma(ReadOnlySpan<byte> payload, out int replyLength)
    {
        replyLength = UnmapLength;
        if (payload.Length < UnmapLength || Word(payload, 0) < UnmapLength)
        {
            return ErrorNumber.Invalid;
        }

        uint flags = Word(payload, 4);
        ulong iova = Long(payload, 8);
        ulong length = Long(payload, 16);
        ErrorNumber error = flags switch
        {
            // A client that switches address translation unmaps everything in pieces that cover nothing; that is no error.
            0 when payload.Length == UnmapLength && length != 0 && iova + (length - 1) >= iova => _device.Memory.Unmap(iova, iova + (length - 1)),
            UnmapAll when payload.Length == UnmapLength && iova == 0 && length == 0 => _device.Memory.Unmap(0, ulong.MaxValue),
            0 or UnmapAll => ErrorNumber.Invalid,
            _ => ErrorNumber.NotSupported,
        };
        if (_device.Log is { } log)
        {
            using LogLine line = log.Begin("vfio.dma_unmap");
            line.Hex("iova", iova);
            line.Hex("size", length);
            line.Number("flags", flags);
            line.Number("err", (int)error);
        }

        payload[..UnmapLength].CopyTo(_stream.ReplyPayload);
        return error;
    }
}
