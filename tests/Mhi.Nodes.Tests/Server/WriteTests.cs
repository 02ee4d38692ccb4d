using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Nodes.Server;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class WriteTests
{
    private const uint NonBlocking = 0x800;

    [Fact]
    public void Write_WithRoom_AnswersAtOnce()
    {
        var desk = new Desk();
        Assert.Equal(3, desk.TakeCount(desk.BeginWrite(desk.Open(), [1, 2, 3])));
        Assert.Equal([1, 2, 3], desk.Stream.TakeWritten().Single());
    }

    [Fact]
    public void Write_WithoutRoom_IsParkedAndKeepsItsBytes()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 2;
        ulong write = desk.BeginWrite(file, [1, 2, 3, 4, 5]);
        Assert.True(desk.IsParked(write));

        // Other requests use the buffer the bytes came in.
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginWrite(file, [9, 9, 9, 9, 9, 9, 9], NonBlocking)));
        desk.Stream.Room = 2;
        desk.Stream.CallListeners();
        Assert.True(desk.IsParked(write));
        desk.Stream.Room = 2;
        desk.Stream.CallListeners();
        Assert.Equal(5, desk.TakeCount(write));
        Assert.Equal([1, 2, 3, 4, 5], desk.Stream.TakeWritten().SelectMany(bytes => bytes));
    }

    [Fact]
    public void Write_OfSeveral_GoOutEachAsAWhole()
    {
        var desk = new Desk();
        ulong first = desk.Open();
        ulong second = desk.Open();
        desk.Stream.Room = 1;
        ulong a = desk.BeginWrite(first, [1, 1, 1]);
        ulong b = desk.BeginWrite(second, [2, 2]);
        for (int i = 0; i < 4; i++)
        {
            desk.Stream.Room = 1;
            desk.Stream.CallListeners();
        }

        Assert.Equal(3, desk.TakeCount(a));
        Assert.Equal(2, desk.TakeCount(b));
        Assert.Equal([1, 1, 1, 2, 2], desk.Stream.TakeWritten().SelectMany(bytes => bytes));
    }

    [Fact]
    public void Write_NonBlocking_ReturnsWhatWentOrAgain()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 2;
        Assert.Equal(2, desk.TakeCount(desk.BeginWrite(file, [1, 2, 3], NonBlocking)));
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginWrite(file, [3], NonBlocking)));
    }

    [Fact]
    public void Write_InterruptedWithoutProgress_EndsWithInterrupted()
    {
        var desk = new Desk();
        desk.Stream.Room = 0;
        ulong write = desk.BeginWrite(desk.Open(), [1, 2, 3]);
        desk.Interrupt(write);
        Assert.Equal(Errno.Interrupted, desk.TakeError(write));
        desk.Stream.Room = 10;
        desk.Stream.CallListeners();
        Assert.Empty(desk.Stream.TakeWritten());
    }

    [Fact]
    public void Write_InterruptedAfterProgress_ReturnsTheCount()
    {
        var desk = new Desk();
        desk.Stream.Room = 1;
        ulong write = desk.BeginWrite(desk.Open(), [1, 2, 3]);
        desk.Stream.Room = 1;
        desk.Stream.CallListeners();
        desk.Interrupt(write);
        Assert.Equal(2, desk.TakeCount(write));
        desk.Stream.Room = 10;
        desk.Stream.CallListeners();
        Assert.Equal([1, 2], desk.Stream.TakeWritten().SelectMany(bytes => bytes));
    }

    [Fact]
    public void Write_BehindAnInterruptedOne_IsServed()
    {
        var desk = new Desk();
        ulong first = desk.Open();
        ulong second = desk.Open();
        desk.Stream.Room = 0;
        ulong a = desk.BeginWrite(first, [1]);
        ulong b = desk.BeginWrite(second, [2]);
        desk.Interrupt(a);
        desk.Stream.Room = 10;
        desk.Stream.CallListeners();
        Assert.Equal(1, desk.TakeCount(b));
        Assert.Equal([2], desk.Stream.TakeWritten().Single());
    }

    [Fact]
    public void Write_AtRemoval_ReturnsItsCountThenNoDevice()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 1;
        ulong write = desk.BeginWrite(file, [1, 2]);
        ulong behind = desk.BeginWrite(file, [3]);
        desk.Node.Withdraw();
        Assert.Equal(1, desk.TakeCount(write));
        Assert.Equal(Errno.NoDevice, desk.TakeError(behind));
        Assert.Equal(Errno.NoDevice, desk.TakeError(desk.BeginWrite(file, [3])));
    }

    [Fact]
    public void Write_WhenTooMuchWaits_IsRefusedAndWhatWaitsGoesOut()
    {
        const int Length = 100_000;
        int most = StreamNode.MostKept / ParkedRequest.MemoryOf(Length);
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 0;
        var parked = new List<ulong>();
        for (int i = 0; i < most; i++)
        {
            parked.Add(desk.BeginWrite(file, Message(i, Length)));
        }

        Assert.All(parked, write => Assert.True(desk.IsParked(write)));
        Assert.Equal(Errno.NoBuffers, desk.TakeError(desk.BeginWrite(file, Message(most, Length))));
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginWrite(file, Message(most, Length), NonBlocking)));

        // A signal makes place.
        desk.Interrupt(parked[^1]);
        Assert.Equal(Errno.Interrupted, desk.TakeError(parked[^1]));
        parked[^1] = desk.BeginWrite(file, Message(most - 1, Length));
        desk.Stream.Room = int.MaxValue;
        _ = desk.Stream.CallListeners();
        Assert.All(parked, write => Assert.Equal(Length, desk.TakeCount(write)));
        Assert.Equal(Enumerable.Range(0, most), desk.Stream.TakeWritten().Select(bytes => BitConverter.ToInt32(bytes)));
    }

    [Fact]
    public void Write_WhenMuchWaits_KeepsAPacketAndReturnsItsCount()
    {
        const int Length = 100_000;
        const int Packet = 30_000;
        int whole = StreamNode.MostKeptWhole / ParkedRequest.MemoryOf(Length);
        var desk = new Desk(maxPacketLength: Packet);
        ulong file = desk.Open();
        desk.Stream.Room = 0;
        ulong[] complete = [.. Enumerable.Range(0, whole).Select(i => desk.BeginWrite(file, Message(i, Length)))];
        ulong cut = desk.BeginWrite(file, Message(whole, Length));
        ulong small = desk.BeginWrite(file, Message(whole + 1, 4));
        desk.Stream.Room = int.MaxValue;
        _ = desk.Stream.CallListeners();
        Assert.All(complete, write => Assert.Equal(Length, desk.TakeCount(write)));
        Assert.Equal(Packet, desk.TakeCount(cut));
        Assert.Equal(4, desk.TakeCount(small));
        byte[][] written = desk.Stream.TakeWritten();
        Assert.Equal(Enumerable.Range(0, whole + 2), written.Select(bytes => BitConverter.ToInt32(bytes)));
        Assert.Equal(Message(whole, Length)[..Packet], written[whole]);
    }

    [Fact]
    public void Write_OnAFileForReading_IsRefused()
    {
        var desk = new Desk();
        Assert.Equal(Errno.BadFile, desk.TakeError(desk.BeginWrite(desk.Open(Desk.ReadOnly), [1])));
    }

    [Fact]
    public void Release_OfAFileWithAParkedWrite_EndsIt()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        ulong other = desk.Open();
        desk.Stream.Room = 0;
        ulong write = desk.BeginWrite(file, [1, 2]);
        ulong behind = desk.BeginWrite(other, [3]);
        desk.Release(file);
        Assert.Equal(Errno.Interrupted, desk.TakeError(write));
        desk.Stream.Room = 10;
        desk.Stream.CallListeners();
        Assert.Equal(1, desk.TakeCount(behind));
    }

    private static byte[] Message(int number, int length)
    {
        byte[] message = new byte[length];
        Assert.True(BitConverter.TryWriteBytes(message, number));
        return message;
    }
}
