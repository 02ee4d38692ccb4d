using System;
using System.Buffers.Binary;
using Mhi.Endpoint.Logging;
using Mhi.Endpoint.Registers;
using Mhi.Pci.VfioUser.Protocol;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Endpoint.VfioUser;

/// <content>What the function has, and access to its BAR and configuration space.</content>
internal sealed partial class VfioUserSession
{
    private const int RegionCount = 9;

    private static uint LengthOf(uint region) => region switch
    {
        BarRegion => EndpointRegisters.Length,
        ConfigRegion => ConfigLayout.Length,
        _ => 0,
    };

    private ErrorNumber GetDeviceInfo(ReadOnlySpan<byte> payload, out int length)
    {
        length = DeviceInfoLength;
        if (payload.Length != DeviceInfoLength || Word(payload, 0) < DeviceInfoLength)
        {
            return ErrorNumber.Invalid;
        }

        Span<byte> reply = _stream.ReplyPayload;
        PutWord(reply, 0, DeviceInfoLength);
        PutWord(reply, 4, DeviceHasReset | DeviceIsPci);
        PutWord(reply, 8, RegionCount);
        PutWord(reply, 12, InterruptKinds);
        return ErrorNumber.None;
    }

    private ErrorNumber GetRegionInfo(ReadOnlySpan<byte> payload, out int length)
    {
        length = RegionInfoLength;
        if (payload.Length != RegionInfoLength || Word(payload, 0) < RegionInfoLength || Word(payload, 8) >= RegionCount)
        {
            return ErrorNumber.Invalid;
        }

        uint region = Word(payload, 8);
        Span<byte> reply = _stream.ReplyPayload;
        PutWord(reply, 0, RegionInfoLength);
        PutWord(reply, 4, LengthOf(region) != 0 ? RegionReadable | RegionWritable : 0);
        PutWord(reply, 8, region);
        PutWord(reply, 12, 0);
        PutLong(reply, 16, LengthOf(region));
        PutLong(reply, 24, 0);
        return ErrorNumber.None;
    }

    private ErrorNumber ReadRegion(ReadOnlySpan<byte> payload, out int length)
    {
        length = 0;
        if (payload.Length != AccessLength || !IsInside(payload, out uint region, out uint offset, out uint count))
        {
            return ErrorNumber.Invalid;
        }

        payload.CopyTo(_stream.ReplyPayload);
        Span<byte> data = _stream.ReplyPayload.Slice(AccessLength, (int)count);
        if (region == ConfigRegion)
        {
            _device.Config.Read((int)offset, data);
        }
        else
        {
            ReadBar(offset, data);
        }

        length = AccessLength + (int)count;
        return ErrorNumber.None;
    }

    private ErrorNumber WriteRegion(ReadOnlySpan<byte> payload, out int length)
    {
        length = AccessLength;
        if (payload.Length < AccessLength
            || !IsInside(payload, out uint region, out uint offset, out uint count)
            || payload.Length != AccessLength + count)
        {
            return ErrorNumber.Invalid;
        }

        payload[..AccessLength].CopyTo(_stream.ReplyPayload);
        ReadOnlySpan<byte> data = payload[AccessLength..];
        if (region == ConfigRegion)
        {
            WriteConfig((int)offset, data);
            return ErrorNumber.None;
        }

        return TryWriteBar(offset, data) ? ErrorNumber.None : ErrorNumber.Invalid;
    }

    private static bool IsInside(ReadOnlySpan<byte> access, out uint region, out uint offset, out uint count)
    {
        ulong first = Long(access, 0);
        region = Word(access, 8);
        count = Word(access, 12);
        offset = (uint)first;
        uint length = LengthOf(region);
        return length != 0 && first <= length && count <= length - first;
    }

    // Registers are 32 bits wide; an access to a part of one reads the whole.
    private void ReadBar(uint offset, Span<byte> data)
    {
        Span<byte> register = stackalloc byte[sizeof(uint)];
        while (!data.IsEmpty)
        {
            int skip = (int)(offset & 3);
            BinaryPrimitives.WriteUInt32LittleEndian(register, _device.ReadRegister(offset - (uint)skip));
            ReadOnlySpan<byte> part = register[skip..];
            part = part[..Math.Min(part.Length, data.Length)];
            part.CopyTo(data);
            data = data[part.Length..];
            offset += (uint)part.Length;
        }
    }

    // Whole registers only. Of a 64-bit write the high half goes first: the low half is what commits a doorbell.
    private bool TryWriteBar(uint offset, ReadOnlySpan<byte> data)
    {
        if (((offset | (uint)data.Length) & 3) != 0)
        {
            return false;
        }

        while (!data.IsEmpty)
        {
            if (data.Length >= sizeof(ulong) && (offset & 7) == 0)
            {
                _device.WriteRegister(offset + sizeof(uint), Word(data, sizeof(uint)));
                _device.WriteRegister(offset, Word(data, 0));
                data = data[sizeof(ulong)..];
                offset += sizeof(ulong);
            }
            else
            {
                _device.WriteRegister(offset, Word(data, 0));
                data = data[sizeof(uint)..];
                offset += sizeof(uint);
            }
        }

        return true;
    }

    private void WriteConfig(int offset, ReadOnlySpan<byte> data)
    {
        if (_device.Log is { } log)
        {
            Span<byte> value = stackalloc byte[sizeof(ulong)];
            value.Clear();
            data[..Math.Min(data.Length, value.Length)].CopyTo(value);
            using LogLine line = log.Begin("cfg.wr");
            line.Hex("off", (uint)offset);
            line.Number("n", data.Length);
            line.Hex("val", Long(value, 0));
        }

        ConfigEffects effects = _device.Config.Write(offset, data);
        if ((effects & ConfigEffects.FunctionReset) != 0)
        {
            Note("pci.flr");
            _device.Reset("flr");
            return;
        }

        if ((effects & ConfigEffects.Access) != 0)
        {
            NoteAccess();
            _device.ApplyAccess();
        }
    }

    private void NoteAccess()
    {
        if (_device.Log is { } log)
        {
            using LogLine line = log.Begin("pci.access");
            line.Flag("mem", _device.Config.IsMemoryEnabled);
            line.Flag("master", _device.Config.IsBusMaster);
            line.Number("d", _device.Config.PowerState);
        }
    }
}
