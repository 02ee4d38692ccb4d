using System;
using System.IO;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class HandleTests
{
    [Fact]
    [UciClause(28, "A slow start or close of one node delays no other.")]
    public async Task UCI_028_OneSlowNodeDelaysNoOther()
    {
        using var slow = new PromptHost("slow", TestProfile.Of(4, "LOOPBACK", "QMI"));
        using var other = new PromptHost("other");
        using var host = new UciHost(new UciHostOptions { Table = new UciTable([new("LOOPBACK", 100), new("QMI", 100)]), Linger = TimeSpan.Zero });
        host.Attach(slow.Controller);
        host.Attach(other.Controller);
        host.Start();
        slow.Device.Answers = static (_, channel) => channel <= OpenBed.Downlink ? CommandAnswer.Stall : CommandAnswer.Succeed;

        Task<UciHandle> opening = host.OpenAsync("mhi_slow_LOOPBACK");
        OpenBed.WaitUntil(() => slow.Device.StalledCommands == 1, "START of the uplink");
        await OthersWork();
        _ = slow.Device.AnswerStalled();
        OpenBed.WaitUntil(() => slow.Device.StalledCommands == 1, "START of the downlink");
        await OthersWork();
        _ = slow.Device.AnswerStalled();
        UciHandle handle = await opening.WaitAsync(UciBed.Soon);

        Task closing = OpenBed.OnThread(handle.Dispose);
        OpenBed.WaitUntil(() => slow.Device.StalledCommands == 1, "RESET of the downlink");
        await OthersWork();
        Assert.False(closing.IsCompleted);
        slow.Device.Answers = static (_, _) => CommandAnswer.Succeed;
        _ = slow.Device.AnswerStalled(CompletionCode.Success);
        await closing.WaitAsync(UciBed.Soon);

        async Task OthersWork()
        {
            foreach (string name in new[] { "mhi_slow_QMI", "mhi_other_LOOPBACK" })
            {
                await OpenBed.OnThread(() =>
                {
                    using UciHandle quick = host.Open(name);
                    OpenBed.AssertEchoes(quick);
                }).WaitAsync(UciBed.Soon);
            }
        }
    }

    [Fact]
    [UciClause(29, "Access and blocking mode belong to the handle.")]
    public void UCI_029_ModesBelongToTheHandle()
    {
        using var bed = new OpenBed();
        using UciHandle reader = bed.Open(new UciOpenOptions { Access = UciAccess.Read });
        using UciHandle writer = bed.Open(new UciOpenOptions { Access = UciAccess.Write, NonBlocking = true });
        using UciHandle both = bed.Open(new UciOpenOptions { NonBlocking = true });
        Assert.Equal(UciErrno.BadHandle, Assert.Throws<UciNotSupportedException>(() => reader.Write([1])).ErrorCode);
        Assert.Equal(UciErrno.BadHandle, Assert.Throws<UciNotSupportedException>(() => writer.Read(new byte[1])).ErrorCode);
        Assert.Equal(UciErrno.WouldBlock, Assert.Throws<UciIOException>(() => both.Read(new byte[1])).ErrorCode);
        Assert.Equal(1, writer.Write([5]));

        // This one waits for the echo, on the same node at the same time.
        byte[] buffer = new byte[1];
        Assert.Equal(1, reader.Read(buffer, UciBed.Long));
        Assert.Equal(5, buffer[0]);
        Assert.Throws<UciTimeoutException>(() => reader.Read(buffer, TimeSpan.Zero));
        Assert.False(reader.NonBlocking);
        reader.NonBlocking = true;
        Assert.Equal(UciErrno.WouldBlock, Assert.Throws<UciIOException>(() => reader.Read(buffer)).ErrorCode);
        both.NonBlocking = false;
        Assert.Throws<UciTimeoutException>(() => both.Read(buffer, TimeSpan.Zero));
        Assert.True(writer.NonBlocking);
    }

    [Fact]
    [UciClause(30, "Handles are not seekable.")]
    public void UCI_030_NoPosition()
    {
        using var bed = new OpenBed();
        using var stream = new UciStream(bed.Open());
        Assert.False(stream.CanSeek);
        Assert.Equal(UciErrno.IllegalSeek, Assert.Throws<UciNotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin)).ErrorCode);
        Assert.Throws<UciNotSupportedException>(() => stream.Position);
        Assert.Throws<UciNotSupportedException>(() => stream.Position = 0);
        Assert.Throws<UciNotSupportedException>(() => stream.Length);
        Assert.Throws<UciNotSupportedException>(() => stream.SetLength(0));
        OpenBed.AssertEchoes(stream.Handle);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    public void Open_WithAnAccessThatThereIsNot_IsRefused(int access)
    {
        using var bed = new OpenBed();
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => bed.Open(new UciOpenOptions { Access = (UciAccess)access }));
        Assert.Empty(bed.Device.Commands);
    }
}
