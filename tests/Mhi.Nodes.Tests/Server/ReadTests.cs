using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

public class ReadTests
{
    private const uint NonBlocking = 0x800;

    private static readonly byte[] s_abc = [1, 2, 3];
    private static readonly byte[] s_de = [4, 5];

    [Fact]
    public void Read_WithData_AnswersAtOnce()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push(s_abc);
        desk.Stream.Push(s_de);
        Assert.Equal(s_abc, desk.TakeData(desk.BeginRead(file)));
        Assert.Equal(s_de, desk.TakeData(desk.BeginRead(file)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void Read_ForThePageCache_IsRefusedAndTakesNothing(ulong offset)
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push(s_abc);
        ulong unique = desk.NextUnique();
        Assert.Equal(Errno.Invalid, Request.Error(desk.Ask(Request.Read(unique, file, 4096, offset: offset, transferFlags: 0), unique)));
        Assert.Equal(s_abc, desk.TakeData(desk.BeginRead(file)));
    }

    [Fact]
    public void Read_WithSmallBuffer_KeepsTheRest()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push(s_abc);
        Assert.Equal([1, 2], desk.TakeData(desk.BeginRead(file, 2)));
        Assert.Equal([3], desk.TakeData(desk.BeginRead(file, 2)));
    }

    [Fact]
    public void Read_WithoutData_IsParkedUntilTheyCome()
    {
        var desk = new Desk();
        ulong read = desk.BeginRead(desk.Open());
        Assert.True(desk.IsParked(read));
        desk.Stream.Push(s_abc);
        desk.Stream.CallListeners();
        Assert.Equal(s_abc, desk.TakeData(read));
    }

    [Fact]
    public void Read_OfSeveral_AreServedInOrder()
    {
        var desk = new Desk();
        ulong first = desk.Open();
        ulong second = desk.Open();
        ulong a = desk.BeginRead(first);
        ulong b = desk.BeginRead(second);
        ulong c = desk.BeginRead(first);
        desk.Stream.Push(s_abc);
        desk.Stream.Push(s_de);
        desk.Stream.CallListeners();
        Assert.Equal(s_abc, desk.TakeData(a));
        Assert.Equal(s_de, desk.TakeData(b));
        Assert.True(desk.IsParked(c));
        desk.Stream.Push(s_abc);
        desk.Stream.CallListeners();
        Assert.Equal(s_abc, desk.TakeData(c));
    }

    [Fact]
    public void Read_ComingBeforeTheListenerWasCalled_DoesNotOvertake()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        ulong first = desk.BeginRead(file);
        desk.Stream.Push(s_abc);
        ulong second = desk.BeginRead(file);
        Assert.Equal(s_abc, desk.TakeData(first));
        Assert.True(desk.IsParked(second));
    }

    [Fact]
    public void Read_NonBlocking_IsToldByEachRequest()
    {
        var desk = new Desk();
        ulong file = desk.Open(Desk.ReadWrite | NonBlocking);
        ulong blocking = desk.BeginRead(file);
        Assert.True(desk.IsParked(blocking));
        Assert.Equal(Errno.Again, desk.TakeError(desk.BeginRead(file, flags: NonBlocking)));
    }

    [Fact]
    public void Read_Continued_IsNeverParkedAndNeverCrossesAMessage()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        Assert.Empty(desk.TakeData(desk.BeginRead(file, offset: 100)));
        desk.Stream.Push(s_abc);
        Assert.Empty(desk.TakeData(desk.BeginRead(file, offset: 100)));
        Assert.Equal(s_abc, desk.TakeData(desk.BeginRead(file)));
    }

    [Fact]
    public void Read_WhoseReplyIsNotWanted_LeavesItsDataToTheNext()
    {
        var desk = new Desk();
        ulong first = desk.Open();
        ulong second = desk.Open();
        desk.Stream.Push(s_abc);
        desk.Stream.Push(s_de);
        desk.Kernel.Forget(100);
        desk.Handle(Request.Read(100, first, 2));
        Assert.Equal([1, 2], desk.TakeData(desk.BeginRead(second)));
        Assert.Equal([3], desk.TakeData(desk.BeginRead(second)));
        Assert.Equal(s_de, desk.TakeData(desk.BeginRead(second)));
    }

    [Fact]
    public void Read_ParkedAndNotWanted_LeavesItsDataToTheNextParked()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        ulong gone = desk.BeginRead(file);
        ulong next = desk.BeginRead(file);
        desk.Kernel.Forget(gone);
        desk.Stream.Push(s_abc);
        desk.Stream.CallListeners();
        Assert.Equal(s_abc, desk.TakeData(next));
    }

    [Fact]
    public void Read_NotWanted_IsDroppedWithTheLastFile()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push(s_abc);
        desk.Kernel.Forget(100);
        desk.Handle(Request.Read(100, file, 2));
        desk.Release(file);
        ulong other = desk.Open();
        Assert.Equal([3], desk.TakeData(desk.BeginRead(other)));
    }

    [Fact]
    public void Read_Interrupted_EndsWithoutData()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        ulong first = desk.BeginRead(file);
        ulong second = desk.BeginRead(file);
        desk.Interrupt(first);
        Assert.Equal(Errno.Interrupted, desk.TakeError(first));
        desk.Stream.Push(s_abc);
        desk.Stream.CallListeners();
        Assert.Equal(s_abc, desk.TakeData(second));
    }

    [Fact]
    public void Read_WhoseListeningFileIsClosed_IsStillServed()
    {
        var desk = new Desk();
        ulong first = desk.Open();
        ulong second = desk.Open();
        ulong a = desk.BeginRead(first);
        ulong b = desk.BeginRead(second);
        desk.Interrupt(a);
        desk.Release(first);
        desk.Stream.Push(s_abc);
        desk.Stream.CallListeners();
        Assert.Equal(s_abc, desk.TakeData(b));
    }

    [Fact]
    public void Read_OnAFileForWriting_IsRefused()
    {
        var desk = new Desk();
        Assert.Equal(Errno.BadFile, desk.TakeError(desk.BeginRead(desk.Open(Desk.WriteOnly))));
    }

    [Fact]
    public void Read_AfterRemoval_GivesWhatHadArrivedThenNoDevice()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        desk.Stream.Push(s_abc);
        desk.Stream.Remove();
        desk.Node.Withdraw();
        Assert.Equal(s_abc, desk.TakeData(desk.BeginRead(file)));
        Assert.Equal(Errno.NoDevice, desk.TakeError(desk.BeginRead(file)));
    }

    [Fact]
    public void Read_ParkedAtWithdrawal_EndsWithNoDevice()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        ulong read = desk.BeginRead(file);
        desk.Node.Withdraw();
        Assert.Equal(Errno.NoDevice, desk.TakeError(read));
        Assert.Equal(Errno.NoDevice, desk.TakeError(desk.BeginRead(file)));
    }

    [Fact]
    public void Interrupt_OfARequestOnItsWay_IsAskedForAgain()
    {
        var desk = new Desk();
        _ = desk.Open();
        desk.Interrupt(500);
        Assert.Equal(Errno.Again, desk.TakeError(501));
    }

    [Fact]
    public void Expire_EndsThoseThatHaveWaitedTooLong()
    {
        var desk = new Desk();
        ulong read = desk.BeginRead(desk.Open());
        desk.Node.Expire(long.MinValue);
        Assert.True(desk.IsParked(read));
        desk.Node.Expire(long.MaxValue);
        Assert.Equal(Errno.Again, desk.TakeError(read));
    }

    [Fact]
    public void Read_OfAnUnknownFile_IsRefused()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        Assert.Equal(Errno.BadFile, desk.TakeError(desk.BeginRead(file + 1)));
        desk.Release(file);
        ulong next = desk.Open();
        Assert.NotEqual(file, next);
        Assert.Equal((uint)file, (uint)next);
        Assert.Equal(Errno.BadFile, desk.TakeError(desk.BeginRead(file)));
        Assert.Equal(1, desk.Dispatcher.OpenFiles);
    }
}
