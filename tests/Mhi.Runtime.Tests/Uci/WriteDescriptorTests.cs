using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section D: which descriptors a write becomes.</summary>
public class WriteDescriptorTests
{
    private const int M = DefBed.M;

    private static UciTableEntry Eager => new("LOOPBACK", M) { WritePolicy = WritePolicy.Eager };

    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [UciClause(56, "A write of at most one transfer is one descriptor that ends a packet.")]
    public void UCI_056_UpToOneTransferIsOneDescriptor(int length)
    {
        using var bed = DefBed.Stepped();
        byte[] data = DefBed.Bytes(length);
        Assert.Equal(length, bed.Open().Write(data));
        bed.Pump();
        HeldElement element = Assert.Single(bed.Device.Elements(DefBed.Up));
        Assert.Equal(length, element.Length);
        Assert.Equal("E", bed.Flags());
        Assert.Equal(data, element.Data);
    }

    [Fact]
    [UciClause(57, "A longer write is chained: full transfers with CHAIN, and the rest, which ends the packet.")]
    public void UCI_057_MoreThanOneTransferIsAChain()
    {
        using var bed = DefBed.Stepped();
        byte[] data = DefBed.Bytes(10_000);
        Assert.Equal(10_000, bed.Open().Write(data));
        bed.Pump();
        Assert.Equal([4096, 4096, 1808], bed.Device.Elements(DefBed.Up).Select(static element => (int)element.Length));
        Assert.Equal("CCE", bed.Flags());
        Assert.Equal(data, Assert.Single(bed.Device.Packets(DefBed.Up)));
    }

    [Fact]
    [UciClause(58, "WholeMessage: what fits into an empty ring waits until all of it fits, and is one packet.")]
    public void UCI_058_WholeMessageWaitsForAllItsDescriptors()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.Equal(1, handle.Write([1]));
        bed.Pump();
        byte[] data = DefBed.Bytes(3 * M);
        Task<int> writing = bed.WaitingWriter(handle, () => handle.Write(data));
        Assert.Equal("E", bed.Flags());

        _ = bed.Device.CompletePackets(DefBed.Up);
        Assert.Equal(data.Length, bed.Result(writing));
        bed.Pump();
        Assert.Equal("ECCE", bed.Flags());
        Assert.Equal(data, bed.Device.Packets(DefBed.Up)[1]);
    }

    [Fact]
    [UciClause(59, "WholeMessage: what no ring of this size can take whole is cut into packets of a full ring each.")]
    public void UCI_059_LargerWritesAreCutIntoFullRings()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        byte[] data = DefBed.Bytes(5 * M);
        Task<int> writing = bed.WaitingWriter(handle, () => handle.Write(data));
        Assert.Equal("CCE", bed.Flags());

        _ = bed.Device.CompletePackets(DefBed.Up);
        Assert.Equal(data.Length, bed.Result(writing));
        bed.Pump();
        Assert.Equal("CCECE", bed.Flags());
        Assert.Equal(data, bed.Device.Packets(DefBed.Up).SelectMany(static packet => packet));
    }

    [Theory]
    [InlineData(0, 4, "CCE", "CCEE", 2)]
    [InlineData(2, 4, "E", "ECCE", 2)]
    [InlineData(1, 3, "CE", "CEE", 2)]
    [UciClause(60, "Eager: the packet ends with the descriptor that takes the last free place, and the rest follows as another.")]
    public void UCI_060_EagerEndsThePacketWhereTheRingIsFull(int busy, int chunks, string first, string all, int packets)
    {
        using var bed = DefBed.Stepped(Eager);
        UciHandle handle = bed.Open();
        for (int i = 0; i < busy; i++)
        {
            Assert.Equal(1, handle.Write([9]));
        }

        bed.Pump();
        bed.Device.ForgetRecords();
        byte[] data = DefBed.Bytes(chunks * M);
        Task<UciSendResult> writing = bed.WaitingWriter(handle, () => handle.Send(data));
        Assert.Equal(first, bed.Flags());

        _ = bed.Device.CompletePackets(DefBed.Up);
        Assert.Equal(new UciSendResult(data.Length, packets), bed.Result(writing));
        bed.Pump();
        Assert.Equal(all, bed.Flags());
        Assert.Equal(data, bed.Device.Packets(DefBed.Up).SelectMany(static packet => packet));
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(3, 1)]
    [UciClause(67, "Send says how many packets the data became.")]
    public void UCI_067_SendCountsPackets(int chunks, int packets)
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        bed.Device.CompletesUplink = true;
        byte[] data = DefBed.Bytes(chunks * M);
        Assert.Equal(new UciSendResult(data.Length, packets), bed.Result(Task.Run(() => handle.Send(data))));
        Assert.Equal(new UciSendResult(data.Length, packets), bed.Result(handle.SendAsync(data).AsTask()));
        bed.Pump();
        Assert.Equal(2 * packets, bed.Device.Packets(DefBed.Up).Length);
    }

    [Fact]
    [UciClause(68, "WriteMessage is one packet or nothing; what can never be one packet is refused at once, whatever the ring holds.")]
    public void UCI_068_WriteMessageIsAtomic()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        Assert.Equal(3 * M, handle.MaxMessageLength);
        bed.Fill(handle);
        byte[] tooLong = new byte[(3 * M) + 1];
        Assert.Equal(UciErrno.MessageSize, Assert.Throws<UciMessageTooLongException>(() => handle.WriteMessage(tooLong)).ErrorCode);
        _ = Assert.Throws<UciMessageTooLongException>(() => handle.TryWriteMessage(tooLong));
        _ = bed.Failure<UciMessageTooLongException>(handle.WriteMessageAsync(tooLong).AsTask());

        byte[] message = DefBed.Bytes(3 * M);
        Assert.Equal(UciStatus.WouldBlock, handle.TryWriteMessage(message));
        Task<UciStatus> writing = bed.WaitingWriter(handle, () => handle.WriteMessage(message));

        // Room for a part of it is no room.
        Assert.Equal(2, bed.Device.CompletePackets(DefBed.Up, 2));
        bed.Settle();
        Assert.False(writing.IsCompleted);
        Assert.Equal("EEE", bed.Flags());
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up, 1));
        Assert.Equal(UciStatus.Done, bed.Result(writing));
        bed.Pump();
        Assert.Equal("EEECCE", bed.Flags());
        Assert.Equal(message, bed.Device.Packets(DefBed.Up)[^1]);

        handle.NonBlocking = true;
        Assert.Equal(UciStatus.WouldBlock, handle.WriteMessage(message));
        Assert.Equal(UciStatus.WouldBlock, bed.Result(handle.WriteMessageAsync(message).AsTask()));
        _ = Assert.Throws<UciMessageTooLongException>(() => handle.WriteMessage(tooLong));
        bed.Pump();
        Assert.Equal("EEECCE", bed.Flags());
    }

    [Fact]
    [UciClause(69, "An empty write queues nothing and returns 0, unless the handle is closed or cannot write, or the device is gone.")]
    public void UCI_069_EmptyWrite()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        UciHandle reader = bed.Open(UciAccess.Read);
        UciHandle closed = bed.Open();
        bed.Close(closed);
        bed.Fill(handle);
        Assert.Equal(0, handle.Write([]));
        Assert.Equal(0, bed.Result(handle.WriteAsync(Array.Empty<byte>()).AsTask()));
        Assert.Equal(new UciSendResult(0, 0), handle.Send([]));
        Assert.Equal(UciStatus.Done, handle.WriteMessage([]));
        bed.Pump();
        Assert.Equal("EEE", bed.Flags());
        Assert.Equal(UciErrno.BadHandle, Assert.Throws<UciNotSupportedException>(() => reader.Write([])).ErrorCode);
        _ = Assert.Throws<UciHandleClosedException>(() => closed.Write([]));

        bed.Host.Remove(bed.Controller);
        _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Write([]));
        _ = bed.Failure<UciDeviceRemovedException>(handle.WriteAsync(Array.Empty<byte>()).AsTask());
    }

    [Fact]
    [UciClause(69, "An empty write on a node whose channel was reset, or that has no uplink, is refused like any other.")]
    public void UCI_069_EmptyWriteOnAResetOrOneWayNode()
    {
        using var bed = DefBed.Stepped();
        UciHandle handle = bed.Open();
        bed.Device.RaiseSystemError();
        bed.Pump();
        bed.Done(bed.Controller.PowerUpAsync());
        bed.Until(() => handle.Poll() == (UciPollEvents.Error | UciPollEvents.HangUp));
        Assert.Equal(UciErrno.NotConnected, Assert.Throws<UciChannelDownException>(() => handle.Write([])).ErrorCode);

        using var oneWay = DefBed.Stepped(profile: TestProfile.Of(4, 4, ChannelDirections.Downlink));
        UciHandle receiver = oneWay.Open(UciAccess.Read);
        Assert.Equal(UciErrno.NotSupported, Assert.Throws<UciNotSupportedException>(() => receiver.Write([])).ErrorCode);
    }
}
