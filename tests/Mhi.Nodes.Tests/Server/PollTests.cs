using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class PollTests
{
    private const uint In = 0x1 | 0x40;
    private const uint Out = 0x4 | 0x100;
    private const uint Gone = 0x8 | 0x10 | 0x2000;
    private const uint NonBlocking = 0x800;

    [Fact]
    public void Poll_TellsTheWholeState()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        Assert.Equal(Out, desk.Poll(file, In, notify: false));
        desk.Stream.Push([1]);
        Assert.Equal(In | Out, desk.Poll(file, In, notify: false));
        desk.Stream.Room = 0;
        Assert.Equal(In, desk.Poll(file, In, notify: false));
        desk.Stream.Remove();
        Assert.Equal(In | Gone, desk.Poll(file, In, notify: false));
        Assert.Empty(desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_ShowsOnlyWhatTheFileWasOpenedFor()
    {
        var desk = new Desk();
        desk.Stream.Push([1]);
        Assert.Equal(In, desk.Poll(desk.Open(Desk.ReadOnly), In | Out));
        Assert.Equal(Out, desk.Poll(desk.Open(Desk.WriteOnly), In | Out));
    }

    [Fact]
    public void Poll_Waiting_IsWokenOnceByEachChange()
    {
        var desk = new Desk();
        ulong first = desk.Open();
        ulong second = desk.Open();
        Assert.Equal(Out, desk.Poll(first, In));
        Assert.Equal(Out, desk.Poll(second, In));
        desk.Stream.Push([1]);
        desk.Stream.CallListeners();
        Assert.Equal([first + 7, second + 7], [.. Sorted(desk.Kernel.TakeNotified())]);
        desk.Stream.Push([2]);
        desk.Stream.CallListeners();
        Assert.Empty(desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_EdgeTriggered_LearnsOfEveryMessage()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        _ = desk.Poll(file, In);
        for (byte i = 0; i < 3; i++)
        {
            desk.Stream.Push([i]);
            desk.Stream.CallListeners();
            Assert.Equal([file + 7], desk.Kernel.TakeNotified());
            Assert.Equal(In | Out, desk.Poll(file, In));
            Assert.Empty(desk.Kernel.TakeNotified());
        }
    }

    [Fact]
    public void Poll_WithUnreadData_WakesNobodyAgainAndAgain()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push([1]);
        Assert.Equal(In | Out, desk.Poll(file, In));
        desk.Stream.CallListeners();
        desk.Stream.CallListeners();
        Assert.Empty(desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_AfterDraining_IsWokenByTheNextMessage()
    {
        var desk = new Desk();
        ulong file = desk.Open(Desk.ReadWrite);
        desk.Stream.Push([1]);
        _ = desk.Poll(file, In);
        _ = desk.TakeData(desk.BeginRead(file, flags: NonBlocking));
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginRead(file, flags: NonBlocking)));
        desk.Stream.Push([2]);
        desk.Stream.CallListeners();
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_ForWriting_IsWokenByRoom()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 0;
        Assert.Equal(0u, desk.Poll(file, Out));
        desk.Stream.Push([1]);
        desk.Stream.CallListeners();
        Assert.Empty(desk.Kernel.TakeNotified());
        desk.Stream.Room = 1;
        desk.Stream.CallListeners();
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_WhileAWriteWaits_OffersNoRoom()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 1;
        ulong write = desk.BeginWrite(file, [1, 2, 3]);
        desk.Stream.Room = 1;
        Assert.Equal(0u, desk.Poll(file, Out));
        desk.Stream.CallListeners();
        desk.Stream.Room = 10;
        desk.Stream.CallListeners();
        Assert.Equal(3, desk.TakeCount(write));
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_OfSeveralOnOneFile_AddsUpWhatTheyWant()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 0;
        _ = desk.Poll(file, In);
        _ = desk.Poll(file, Out);
        desk.Stream.Push([1]);
        desk.Stream.CallListeners();
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_OfASecondOnOneFile_DoesNotTakeTheNewsOfTheFirst()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 0;
        Assert.Equal(0u, desk.Poll(file, In));
        desk.Stream.Push([1]);
        Assert.Equal(In, desk.Poll(file, Out));
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
    }

    [Theory]
    [InlineData(In)]
    [InlineData(Out)]
    [InlineData(0)]
    public void Poll_Waiting_IsWokenByRemoval(uint events)
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Room = 0;
        _ = desk.Poll(file, events);
        desk.Stream.Remove();
        desk.Stream.CallListeners();
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
        Assert.Equal(Gone, desk.Poll(file, events));
        desk.Stream.CallListeners();
        desk.Node.Withdraw();
        Assert.Empty(desk.Kernel.TakeNotified());
    }

    [Fact]
    public void Poll_Waiting_IsWokenByWithdrawal()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        _ = desk.Poll(file, In);
        desk.Node.Withdraw();
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
        Assert.Equal(Gone, desk.Poll(file, In));
    }

    [Fact]
    public void Poll_AfterRemovalWithUnreadData_IsToldOnce()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push([1]);
        Assert.Equal(In | Out, desk.Poll(file, In));
        desk.Stream.Remove();
        Assert.NotEqual(0, desk.Stream.CallListeners());
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
        Assert.Equal(In | Gone, desk.Poll(file, In));

        // What was under way when the device went.
        _ = desk.Stream.CallListeners();
        Assert.Equal(0, desk.Stream.CallListeners());
        desk.Node.Withdraw();
        Assert.Equal(0, desk.Stream.CallListeners());
        Assert.Empty(desk.Kernel.TakeNotified());
        Assert.Equal([1], desk.TakeData(desk.BeginRead(file)));
    }

    [Fact]
    public void Poll_AfterAMessageThatDidNotFit_OffersRoomWhenThereIsMore()
    {
        var desk = new Desk(takesWhole: true);
        ulong file = desk.Open();
        ulong other = desk.Open();
        desk.Stream.Room = 5;
        Assert.Equal(Out, desk.Poll(file, Out));
        Assert.Equal(Out, desk.Poll(other, Out));
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginWrite(file, new byte[10], NonBlocking)));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, desk.Stream.CallListeners());
            Assert.Empty(desk.Kernel.TakeNotified());
            Assert.Equal(0u, desk.Poll(file, Out));
        }

        desk.Stream.Room = 8;
        Assert.NotEqual(0, desk.Stream.CallListeners());
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
        Assert.Equal(Out, desk.Poll(file, Out));
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginWrite(file, new byte[10], NonBlocking)));
        Assert.Empty(desk.Kernel.TakeNotified());
        desk.Stream.Room = 10;
        _ = desk.Stream.CallListeners();
        Assert.Equal([file + 7], desk.Kernel.TakeNotified());
        Assert.Equal(10, desk.TakeCount(desk.BeginWrite(file, new byte[10], NonBlocking)));
    }

    [Fact]
    public void Poll_ThatOnlyLooks_SeesRoomAgainAfterAMessageThatDidNotFit()
    {
        var desk = new Desk(takesWhole: true);
        ulong file = desk.Open();
        desk.Stream.Room = 5;
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginWrite(file, new byte[10], NonBlocking)));
        Assert.Equal(0u, desk.Poll(file, Out, notify: false));
        desk.Stream.Room = 8;
        _ = desk.Stream.CallListeners();
        Assert.Equal(Out, desk.Poll(file, Out, notify: false));
    }

    [Fact]
    public void Poll_OfAReleasedFile_IsForgotten()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        _ = desk.Poll(file, In);
        desk.Release(file);
        desk.Stream.Push([1]);
        desk.Stream.CallListeners();
        Assert.Empty(desk.Kernel.TakeNotified());
    }

    private static ulong[] Sorted(ulong[] values)
    {
        System.Array.Sort(values);
        return values;
    }
}
