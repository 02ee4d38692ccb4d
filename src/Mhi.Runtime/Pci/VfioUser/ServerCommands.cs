using System;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mhi.Controller;
using Mhi.Interop.Sockets;
using Mhi.Pci.VfioUser.Protocol;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Pci.VfioUser;

/// <summary>The commands of the protocol with their answers checked; a bad end is an <see cref="MhiException"/>.</summary>
/// <param name="connection">The way to the server.</param>
internal sealed class ServerCommands(ServerConnection connection)
{
    private const int MaxCapabilities = 16;
    private const int MaxAreas = 64;

    /// <summary>The connection itself.</summary>
    internal ServerConnection Connection => connection;

    /// <summary>VERSION.</summary>
    /// <returns>What the server said of itself.</returns>
    internal PeerCapabilities Negotiate()
    {
        int length = VersionMessage.WriteRequest(connection.Request(ServerConnection.MaxRequest));
        switch (connection.Call(VfioUserCommand.Version, length))
        {
            case CallResult.Refused:
                throw Refused(VfioUserCommand.Version, MhiErrorCode.NotSupported);
            case CallResult.Lost:
                MhiFailure failure = connection.Failure!;
                throw new MhiException(
                    failure.Code == MhiErrorCode.DeviceRemoved ? MhiErrorCode.DeviceInUse : failure.Code,
                    $"{failure.Message} It was asked for its version first: either it serves another client, or it does not speak vfio-user.");
        }

        if (!VersionMessage.TryRead(connection.Answer, out ushort major, out ushort minor, out PeerCapabilities server))
        {
            throw Malformed(VfioUserCommand.Version);
        }

        if (major != 0 || minor != 0)
        {
            throw new MhiException(
                MhiErrorCode.NotSupported, $"{connection.Peer} speaks version {major}.{minor} of vfio-user; this program speaks 0.0. Use a server that does, too.");
        }

        return server;
    }

    /// <summary>DEVICE_GET_INFO.</summary>
    /// <returns>Flags, number of regions, number of kinds of interrupts.</returns>
    internal (uint Flags, uint Regions, uint InterruptKinds) GetDevice()
    {
        PutWord(connection.Request(DeviceInfoLength), 0, DeviceInfoLength);
        Ask(VfioUserCommand.GetDeviceInfo, DeviceInfoLength);
        return connection.Answer.Length >= DeviceInfoLength
            ? (Word(connection.Answer, 4), Word(connection.Answer, 8), Word(connection.Answer, 12))
            : throw Malformed(VfioUserCommand.GetDeviceInfo);
    }

    /// <summary>DEVICE_GET_REGION_INFO, again with more room when there is more to say.</summary>
    /// <param name="region">Which region.</param>
    /// <returns>What the server says of it.</returns>
    internal RegionDescription GetRegion(uint region)
    {
        uint room = RegionInfoLength;
        AskForRegion(region, room);
        uint needed = Word(connection.Answer, 0);
        if (needed > room && needed <= ServerConnection.MaxAnswer)
        {
            room = needed;
            AskForRegion(region, room);
        }

        ReadOnlySpan<byte> answer = connection.Answer;
        uint flags = Word(answer, 4);
        ulong length = Long(answer, 16);
        FileDescriptor? file = connection.TakeDescriptor();
        if (file is null || (flags & RegionMappable) == 0)
        {
            file?.Dispose();
            return new RegionDescription(flags, length, 0, [], null);
        }

        if (!TryReadAreas(answer, flags, length, out ImmutableArray<BarArea> areas))
        {
            file.Dispose();
            throw Malformed(VfioUserCommand.GetRegionInfo);
        }

        return new RegionDescription(flags, length, Long(answer, 24), areas, file);
    }

    /// <summary>DEVICE_GET_IRQ_INFO.</summary>
    /// <param name="kind">Which kind of interrupts.</param>
    /// <returns>How many vectors can have an event descriptor.</returns>
    internal uint GetVectors(int kind)
    {
        Span<byte> request = connection.Request(InterruptInfoLength);
        PutWord(request, 0, InterruptInfoLength);
        PutWord(request, 8, (uint)kind);
        Ask(VfioUserCommand.GetInterruptInfo, InterruptInfoLength);
        ReadOnlySpan<byte> answer = connection.Answer;
        if (answer.Length < InterruptInfoLength || Word(answer, 8) != kind)
        {
            throw Malformed(VfioUserCommand.GetInterruptInfo);
        }

        return (Word(answer, 4) & EventDescriptors) != 0 ? Word(answer, 12) : 0;
    }

    /// <summary>DEVICE_SET_IRQS: gives vectors their event descriptors, as many at a time as the server takes.</summary>
    /// <param name="kind">Which kind of interrupts.</param>
    /// <param name="vectors">The vectors, from the first on.</param>
    /// <param name="maxDescriptors">Most descriptors the server takes with one message.</param>
    internal void SetVectors(int kind, ImmutableArray<InterruptVector> vectors, int maxDescriptors)
    {
        int most = Math.Min(maxDescriptors, LocalSocket.MaxDescriptors);
        for (int start = 0; start < vectors.Length; start += most)
        {
            int count = Math.Min(most, vectors.Length - start);
            var descriptors = new FileDescriptor[count];
            int shared = 0;
            try
            {
                for (; shared < count; shared++)
                {
                    descriptors[shared] = vectors[start + shared].Descriptor.Share();
                }

                PutInterrupts(ActionTrigger | DataEvents, kind, start, count);
                Ask(VfioUserCommand.SetInterrupts, SetInterruptsLength, descriptors);
            }
            finally
            {
                for (int i = 0; i < shared; i++)
                {
                    descriptors[i].Dispose();
                }
            }
        }
    }

    /// <summary>DEVICE_SET_IRQS: takes all event descriptors back. Nothing happens when the server is gone.</summary>
    /// <param name="kind">Which kind of interrupts.</param>
    internal void ClearVectors(int kind)
    {
        PutInterrupts(ActionTrigger | DataNone, kind, 0, 0);
        _ = connection.Call(VfioUserCommand.SetInterrupts, SetInterruptsLength);
    }

    /// <summary>REGION_READ of configuration space.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="bytes">Where to; not more than the server gives in one access.</param>
    internal void ReadConfig(int offset, Span<byte> bytes)
    {
        PutAccess(connection.Request(AccessLength), offset, bytes.Length);
        Ask(VfioUserCommand.RegionRead, AccessLength);
        if (!connection.IsEcho(AccessLength, bytes.Length))
        {
            throw Malformed(VfioUserCommand.RegionRead);
        }

        connection.Answer[AccessLength..].CopyTo(bytes);
    }

    /// <summary>REGION_WRITE of a 16-bit register of configuration space.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="value">The value.</param>
    /// <returns>What became of it.</returns>
    internal CallResult WriteConfig(int offset, ushort value)
    {
        Span<byte> request = connection.Request(AccessLength + sizeof(ushort));
        PutAccess(request, offset, sizeof(ushort));
        request[AccessLength] = (byte)value;
        request[AccessLength + 1] = (byte)(value >> 8);
        return connection.Call(VfioUserCommand.RegionWrite, AccessLength + sizeof(ushort));
    }

    /// <summary>DMA_MAP.</summary>
    /// <param name="region">The memory, whole.</param>
    /// <param name="file">Its descriptor.</param>
    /// <returns>What became of it.</returns>
    internal CallResult MapDma(DmaRegion region, FileDescriptor file)
    {
        Span<byte> request = connection.Request(MapLength);
        PutWord(request, 0, MapLength);
        PutWord(request, 4, DeviceMayRead | DeviceMayWrite);
        PutLong(request, 16, region.BusAddress);
        PutLong(request, 24, (ulong)region.Length);
        return connection.Call(VfioUserCommand.DmaMap, MapLength, new ReadOnlySpan<FileDescriptor>(in file));
    }

    /// <summary>DMA_UNMAP. When it returns, the server uses the memory no more, or is gone.</summary>
    /// <param name="region">The memory, as it was mapped.</param>
    internal void UnmapDma(DmaRegion region)
    {
        Span<byte> request = connection.Request(UnmapLength);
        PutWord(request, 0, UnmapLength);
        PutLong(request, 8, region.BusAddress);
        PutLong(request, 16, (ulong)region.Length);
        _ = connection.Call(VfioUserCommand.DmaUnmap, UnmapLength);
    }

    /// <summary>DEVICE_RESET.</summary>
    internal void Reset() => Ask(VfioUserCommand.DeviceReset, 0);

    /// <summary>Throws unless a call was answered.</summary>
    /// <param name="result">What became of it.</param>
    /// <param name="command">What was asked.</param>
    /// <param name="refusal">What a refusal means.</param>
    internal void Check(CallResult result, VfioUserCommand command, MhiErrorCode refusal = MhiErrorCode.NotSupported)
    {
        if (result != CallResult.Answered)
        {
            throw result == CallResult.Refused ? Refused(command, refusal) : connection.Failure!.ToException();
        }
    }

    private void Ask(VfioUserCommand command, int length, ReadOnlySpan<FileDescriptor> descriptors = default) =>
        Check(connection.Call(command, length, descriptors), command);

    private MhiException Refused(VfioUserCommand command, MhiErrorCode code) => new(
        code, $"{connection.Peer} refused {ServerConnection.NameOf(command)}: {Marshal.GetPInvokeErrorMessage((int)connection.Error)} (errno {connection.Error}).");

    private MhiException Malformed(VfioUserCommand command)
    {
        connection.LoseMalformed(command);
        return connection.Failure!.ToException();
    }

    private void AskForRegion(uint region, uint room)
    {
        connection.TakeDescriptor()?.Dispose();
        Span<byte> request = connection.Request(RegionInfoLength);
        PutWord(request, 0, room);
        PutWord(request, 8, region);
        Ask(VfioUserCommand.GetRegionInfo, RegionInfoLength);
        if (connection.Answer.Length < RegionInfoLength || connection.Answer.Length > room || Word(connection.Answer, 8) != region)
        {
            throw Malformed(VfioUserCommand.GetRegionInfo);
        }
    }

    // Without the capability the whole region may be mapped.
    private static bool TryReadAreas(ReadOnlySpan<byte> answer, uint flags, ulong length, out ImmutableArray<BarArea> areas)
    {
        areas = [new BarArea(0, length)];
        uint place = (flags & RegionHasCapabilities) != 0 ? Word(answer, 12) : 0;
        for (int i = 0; place != 0; i++)
        {
            if (i == MaxCapabilities || place < RegionInfoLength || place > answer.Length - CapabilityHeaderLength)
            {
                return false;
            }

            ReadOnlySpan<byte> capability = answer[(int)place..];
            uint id = Word(capability, 0) & 0xffff;
            if (id == SparseMappings && !TryReadSparse(capability, out areas))
            {
                return false;
            }

            place = Word(capability, 4);
        }

        return true;
    }

    private static bool TryReadSparse(ReadOnlySpan<byte> capability, out ImmutableArray<BarArea> areas)
    {
        areas = [];
        if (capability.Length < SparseHeaderLength)
        {
            return false;
        }

        uint count = Word(capability, CapabilityHeaderLength);
        if (count > MaxAreas || capability.Length - SparseHeaderLength < count * SparseAreaLength)
        {
            return false;
        }

        var builder = ImmutableArray.CreateBuilder<BarArea>((int)count);
        for (int i = 0; i < count; i++)
        {
            int place = SparseHeaderLength + (i * SparseAreaLength);
            builder.Add(new BarArea(Long(capability, place), Long(capability, place + 8)));
        }

        areas = builder.MoveToImmutable();
        return true;
    }

    private void PutInterrupts(uint flags, int kind, int start, int count)
    {
        Span<byte> request = connection.Request(SetInterruptsLength);
        PutWord(request, 0, SetInterruptsLength);
        PutWord(request, 4, flags);
        PutWord(request, 8, (uint)kind);
        PutWord(request, 12, (uint)start);
        PutWord(request, 16, (uint)count);
    }

    private static void PutAccess(Span<byte> payload, int offset, int count)
    {
        PutLong(payload, 0, (uint)offset);
        PutWord(payload, 8, ConfigRegion);
        PutWord(payload, 12, (uint)count);
    }
}
