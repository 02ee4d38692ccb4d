using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>One test per row of the specification's table of errors.</summary>
public class ErrorTests
{
    private const string Errors = "Every failure is the .NET exception of its kind and carries its errno as ErrorCode.";

    [Fact]
    [UciClause(117, Errors, Departure = "bad arguments (EINVAL, EFAULT) are the plain exceptions of the framework, without an errno: no caller catches them; a refused suspend (EBUSY) is the MhiException of the controller that was asked, which carries its errno as ErrorCode too")]
    public void UCI_117_BadArguments()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        using var stream = new UciStream(handle);
        Assert.Throws<ArgumentNullException>(() => bed.Host.Open(null!));
        Assert.Throws<ArgumentNullException>(() => new UciStream(null!));
        Assert.Throws<ArgumentNullException>(() => stream.Read(null!, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Write(new byte[3], 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => bed.Open(new UciOpenOptions { Access = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => handle.Read(new byte[1], TimeSpan.FromSeconds(-2)));
        Assert.Equal(0, bed.Node.Counters.Waiters);
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_UnknownName()
    {
        using var bed = new RemovalBed();
        RemovalBed.AssertError<FileNotFoundException>(UciErrno.NoDevice, () => bed.Host.Open("mhi_held0_QMI"));
        RemovalBed.AssertError<FileNotFoundException>(UciErrno.NoDevice, () => bed.Host.Open(1));
        RemovalBed.AssertError<FileNotFoundException>(UciErrno.NoDevice, RemovalBed.Ending(bed.Host.OpenAsync("mhi_held0_QMI")));
        bed.LeaveAndSee(Leaving.Remove);
        RemovalBed.AssertError<FileNotFoundException>(UciErrno.NoDevice, () => bed.Open());
        RemovalBed.AssertError<FileNotFoundException>(UciErrno.NoDevice, () => bed.Node.Open());
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_DeviceRemoved()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        bed.LeaveAndSee(Leaving.Vanish);
        Assert.IsAssignableFrom<IOException>(RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, () => handle.Read(new byte[1])));
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_ChannelReset()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        OpenBed.WaitUntil(() => bed.Device.Outstanding(RemovalBed.Downlink).Length == 3, "the buffers are posted");

        // Not the buffer that is next: the host takes the channel down.
        bed.Device.Complete(RemovalBed.Downlink, k: 1);
        Assert.IsAssignableFrom<IOException>(RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, () => handle.Read(new byte[1], UciBed.Long)));
        RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, () => handle.Write([1]));
    }

    [Fact]
    [UciClause(117, Errors)]
    public async Task UCI_117_WrongExecutionEnvironment()
    {
        // Published for its uplink; the downlink exists only under other software.
        DeviceProfile profile = TestProfile.Of(4);
        using HeldHost held = await HeldHost.RunningAsync(profile with
        {
            Channels = [.. profile.Channels.Select(static channel =>
                channel.Type == ChannelType.Inbound ? channel with { Environment = ExecutionEnvironment.Wlan } : channel)],
        });
        using var host = new UciHost();
        host.Start();
        host.Attach(held.Controller);
        RemovalBed.AssertError<UciChannelDownException>(UciErrno.NotConnected, () => host.Open(0));
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_StartRefused()
    {
        using var bed = new RemovalBed();
        bed.Device.Answers = static (type, _) => type == ElementType.StartChannel ? CommandAnswer.Refuse : CommandAnswer.Succeed;
        RemovalBed.AssertError<UciIOException>(UciErrno.InputOutput, () => bed.Open());
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_ControllerInAnErrorAndLostData()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        _ = handle.Write([1]);
        bed.UntilHeld(1);
        _ = bed.Device.CompletePackets(RemovalBed.Uplink, code: CompletionCode.UndefinedError);
        RemovalBed.AssertError<UciIOException>(UciErrno.InputOutput, () => handle.Flush(UciBed.Long));
        bed.Device.RaiseSystemError();
        OpenBed.WaitUntil(() => handle.Poll() == UciPollEvents.Error, "the controller fails");
        RemovalBed.AssertError<UciIOException>(UciErrno.InputOutput, () => handle.Write([1]));
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_NoMemory()
    {
        using var bed = new RemovalBed();
        bed.Device.FailingAllocation = 1;
        RemovalBed.AssertError<UciIOException>(UciErrno.OutOfMemory, () => bed.Open());
        bed.Open().Dispose();
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_HostSide_NoMinorAndNameTaken()
    {
        string[] names = [.. Enumerable.Range(0, 60).Select(static i => $"CH{i}")];
        using var host = new UciHost(new UciHostOptions { Table = new UciTable(names.Select(static name => new UciTableEntry(name, 100))) });
        host.Start();
        using var first = HeldHost.Stepped(TestProfile.Of(4, names), device: new HeldDevice("a"));
        using var second = HeldHost.Stepped(TestProfile.Of(4, names), device: new HeldDevice("b"));
        using var third = HeldHost.Stepped(TestProfile.Of(4, names), device: new HeldDevice("c"));
        using var again = HeldHost.Stepped(TestProfile.Of(4, names), device: new HeldDevice("a"));
        host.Attach(first.Controller);
        host.Attach(second.Controller);
        RemovalBed.AssertError<UciIOException>(UciErrno.NoSpace, () => host.Attach(third.Controller));
        host.Remove(third.Controller);
        RemovalBed.AssertError<UciIOException>(UciErrno.Exists, () => host.Attach(again.Controller));
        Assert.Equal(120, host.Nodes.Count);
    }

    [Fact]
    [UciClause(117, Errors)]
    public async Task UCI_117_WouldBlock()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open(new UciOpenOptions { NonBlocking = true });
        using var stream = new UciStream(handle);
        byte[] data = new byte[1];
        for (int i = 0; i < 3; i++)
        {
            _ = handle.Write(data);
        }

        RemovalBed.AssertError<UciIOException>(UciErrno.WouldBlock, () => handle.Read(data));
        RemovalBed.AssertError<UciIOException>(UciErrno.WouldBlock, () => handle.Write(data));
        RemovalBed.AssertError<UciIOException>(UciErrno.WouldBlock, RemovalBed.Ending(handle.ReadAsync(data).AsTask()));
        RemovalBed.AssertError<UciIOException>(UciErrno.WouldBlock, RemovalBed.Ending(handle.WriteAsync(data).AsTask()));
        RemovalBed.AssertError<IOException>(UciErrno.WouldBlock, () => Assert.Equal(1, stream.Read(data)));
        RemovalBed.AssertError<IOException>(UciErrno.WouldBlock, () => stream.Write(data));

        // Structured calls and Try calls say it in their result.
        Assert.Equal(UciStatus.WouldBlock, handle.TryRead(data, out _));
        Assert.Equal(UciStatus.WouldBlock, handle.TrySend(data, out _));
        Assert.Equal(UciStatus.WouldBlock, handle.Receive(data).Status);
        Assert.Equal(UciStatus.WouldBlock, (await handle.ReceiveAsync(data)).Status);
        Assert.Equal(UciStatus.WouldBlock, handle.Send(data).Status);
        Assert.Equal(UciStatus.WouldBlock, (await handle.SendAsync(data)).Status);
        Assert.Equal(UciStatus.WouldBlock, handle.WriteMessage(data));
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_CancelledAndTimedOut()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        using var source = new CancellationTokenSource();
        Task<int> read = handle.ReadAsync(new byte[1], source.Token).AsTask();
        source.Cancel();
        var cancelled = RemovalBed.AssertError<OperationCanceledException>(UciErrno.Canceled, Awaited(read));
        Assert.Equal(source.Token, cancelled.CancellationToken);
        RemovalBed.AssertError<OperationCanceledException>(UciErrno.Canceled, () => handle.Write([1], cancellationToken: source.Token));
        RemovalBed.AssertError<OperationCanceledException>(UciErrno.Canceled, () => bed.Node.Open(cancellationToken: source.Token));
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, () => handle.Read(new byte[1], TimeSpan.FromMilliseconds(1)));
        _ = handle.Write([1]);
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, () => handle.Flush(TimeSpan.FromMilliseconds(1)));
        handle.Dispose();
        bed.Device.Answers = static (type, _) => type == ElementType.StartChannel ? CommandAnswer.Stall : CommandAnswer.Succeed;
        Task<UciHandle> open = bed.Node.OpenAsync(new UciOpenOptions { Timeout = TimeSpan.FromMilliseconds(1) });
        RemovalBed.AssertError<TimeoutException>(UciErrno.TimedOut, RemovalBed.Ending(open));

        // The time may have been over before START was sent; if it was, it is answered now.
        bed.Device.Answers = static (_, _) => CommandAnswer.Succeed;
        _ = bed.Device.AnswerStalled();
    }

    [Fact]
    [UciClause(117, Errors)]
    public async Task UCI_117_NotSupported()
    {
        using HeldHost held = await HeldHost.RunningAsync(TestProfile.Of(4, 4, ChannelDirections.Uplink));
        using var host = new UciHost();
        host.Start();
        host.Attach(held.Controller);
        using UciHandle handle = host.Open(0);
        using UciHandle reader = host.Open(0, new UciOpenOptions { Access = UciAccess.Read });
        using var stream = new UciStream(handle);
        RemovalBed.AssertError<NotSupportedException>(UciErrno.NotSupported, () => handle.Read(new byte[1]));
        RemovalBed.AssertError<NotSupportedException>(UciErrno.BadHandle, () => reader.Write([1]));
        RemovalBed.AssertError<NotSupportedException>(UciErrno.IllegalSeek, () => stream.Seek(0, SeekOrigin.Begin));
        RemovalBed.AssertError<NotSupportedException>(UciErrno.IllegalSeek, () => stream.SetLength(1));
        RemovalBed.AssertError<NotSupportedException>(UciErrno.IllegalSeek, () => _ = stream.Length);
        RemovalBed.AssertError<NotSupportedException>(UciErrno.IllegalSeek, () => stream.Position = 1);
        Assert.False(stream.CanRead);
        Assert.True(stream.CanWrite);
        Assert.False(stream.CanSeek);
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_Closed()
    {
        using var bed = new RemovalBed();
        UciHandle handle = bed.Open();
        Task<Exception?> read = RemovalBed.Ending(() => handle.Read(new byte[1]));
        bed.UntilWaiting(1);
        handle.Dispose();
        RemovalBed.AssertError<ObjectDisposedException>(UciErrno.BadHandle, RemovalBed.Soon(read));
        RemovalBed.AssertError<ObjectDisposedException>(UciErrno.BadHandle, () => handle.Write([1]));
        RemovalBed.AssertError<ObjectDisposedException>(UciErrno.BadHandle, () => handle.Poll());
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_MessageTooLong()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        Assert.Equal(3 * RemovalBed.Mtu, handle.MaxMessageLength);
        RemovalBed.AssertError<ArgumentOutOfRangeException>(UciErrno.MessageSize, () => handle.WriteMessage(new byte[handle.MaxMessageLength + 1]));
        RemovalBed.AssertError<ArgumentOutOfRangeException>(UciErrno.MessageSize, () => handle.TryWriteMessage(new byte[handle.MaxMessageLength + 1]));
        Assert.Equal(UciStatus.Done, handle.WriteMessage(new byte[handle.MaxMessageLength]));
    }

    [Fact]
    [UciClause(117, Errors)]
    public void UCI_117_Overflow_IsNoError()
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        OpenBed.WaitUntil(() => bed.Device.Deliver(RemovalBed.Downlink, new byte[RemovalBed.Mtu + 1]), "two buffers are posted");
        Assert.Equal(new UciReceiveResult(RemovalBed.Mtu, false, false), handle.Receive(new byte[200], UciBed.Long));
        Assert.Equal(new UciReceiveResult(1, true, false), handle.Receive(new byte[200], UciBed.Long));
    }

    [Fact]
    [UciClause(117, Errors)]
    public async Task UCI_117_Busy()
    {
        using var bed = new RemovalBed();
        using (UciHandle handle = bed.Open())
        {
            _ = handle.Write([1]);
            bed.UntilHeld(1);
            Assert.Equal(UciErrno.Busy, (await Assert.ThrowsAsync<MhiException>(bed.Controller.SuspendAsync)).ErrorCode);
        }

        // The channel is a typed channel's.
        await using var typed = (await ChannelConnection.OpenAsync<SmallLoopback>(bed.Controller)).AsDuplex<SmallLoopback>();
        RemovalBed.AssertError<UciIOException>(UciErrno.Busy, () => bed.Open());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    [UciClause(117, Errors)]
    public void UCI_117_WhateverFailsAnOpen(MhiErrorCode code, int errno, Type expected)
    {
        using var bed = new RemovalBed();
        bed.Device.AllocationFailure = code;
        bed.Device.FailingAllocation = 1;
        Exception failure = RemovalBed.AssertError<Exception>(errno, () => bed.Open());
        Assert.IsType(expected, failure);

        // The cause is there, with the same errno, unless its device counts as gone.
        if (failure.InnerException is { } inner)
        {
            MhiException cause = Assert.IsType<MhiException>(inner);
            Assert.Equal((code, errno), (cause.Code, cause.ErrorCode));
        }
        else
        {
            Assert.True(code is MhiErrorCode.DeviceRemoved or MhiErrorCode.ChannelStopped);
        }

        bed.Open().Dispose();
    }

    [Fact]
    public void Codes_AreAllThereAre() =>
        Assert.Equal(Enum.GetValues<MhiErrorCode>().Select(static code => (int)code), Codes.Select(static row => (int)(MhiErrorCode)row[0]).Order());

    // A failure without a code, and every other that no row of the table names, is EIO.
    public static TheoryData<MhiErrorCode, int, Type> Codes { get; } = new()
    {
        { MhiErrorCode.None, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.NotReady, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.WrongExecutionEnvironment, UciErrno.NotConnected, typeof(UciChannelDownException) },
        { MhiErrorCode.DeviceRemoved, UciErrno.NoDevice, typeof(UciNodeNotFoundException) },
        { MhiErrorCode.SystemError, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.ProtocolViolation, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.CommandTimedOut, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.CommandRefused, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.ChannelNotFound, UciErrno.NoDevice, typeof(UciNodeNotFoundException) },
        { MhiErrorCode.ChannelBusy, UciErrno.Busy, typeof(UciIOException) },
        { MhiErrorCode.ChannelStopped, UciErrno.NoDevice, typeof(UciNodeNotFoundException) },
        { MhiErrorCode.NotPoweredUp, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.OutOfMemory, UciErrno.OutOfMemory, typeof(UciIOException) },
        { MhiErrorCode.TransferFailed, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.Busy, UciErrno.Busy, typeof(UciIOException) },
        { MhiErrorCode.NotSupported, UciErrno.NotSupported, typeof(UciNotSupportedException) },
        { MhiErrorCode.DeviceNotFound, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.TransportUnavailable, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.NoIommu, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.NotBound, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.PermissionDenied, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.DeviceInUse, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.GroupNotViable, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.NoInterruptRemapping, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.LockedMemoryLimit, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.NoInterrupts, UciErrno.InputOutput, typeof(UciIOException) },
        { MhiErrorCode.NotAnMhiDevice, UciErrno.InputOutput, typeof(UciIOException) },
    };

    // A cancelled task has no exception of its own: awaiting it makes it.
    private static OperationCanceledException? Awaited(Task task)
    {
        OpenBed.WaitUntil(() => task.IsCompleted, "the task ends");
        try
        {
            task.GetAwaiter().GetResult();
            return null;
        }
        catch (OperationCanceledException exception)
        {
            return exception;
        }
    }
}
