using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class OpeningTests
{
    private static readonly (ElementType Type, byte Channel)[] s_start =
        [(ElementType.StartChannel, OpenBed.Uplink), (ElementType.StartChannel, OpenBed.Downlink)];

    [Fact]
    [UciClause(15, "A node is opened by name or minor number; an unknown one is a file that is not found (ENODEV).")]
    public void UCI_015_UnknownNodes()
    {
        using var bed = new OpenBed();
        using (UciHandle byName = bed.Host.Open(bed.Node.Name))
        using (UciHandle byMinor = bed.Host.Open(bed.Node.Minor))
        {
            Assert.Same(byName.Node, byMinor.Node);
            OpenBed.AssertEchoes(byName);
            OpenBed.AssertEchoes(byMinor);
        }

        AssertUnknown(() => bed.Host.Open("mhi_held0_loopback"));
        AssertUnknown(() => bed.Host.Open(1));
        AssertUnknown(() => bed.Host.Open(128));
        AssertUnknown(() => bed.Host.Open(-1));
        bed.Host.Remove(bed.Controller);
        AssertUnknown(() => bed.Host.Open(bed.Node.Name));
        AssertUnknown(() => bed.Host.Open(bed.Node.Minor));
        AssertUnknown(() => bed.Node.Open());

        static void AssertUnknown(Func<UciHandle> open)
        {
            var exception = Assert.ThrowsAny<System.IO.FileNotFoundException>(() => _ = open());
            Assert.Equal(UciErrno.NoDevice, Assert.IsType<IUciError>(exception, exactMatch: false).ErrorCode);
        }
    }

    [Fact]
    [UciClause(16, "The first open starts the uplink, then the downlink, before it returns.")]
    public async Task UCI_016_UplinkThenDownlink()
    {
        using var bed = new OpenBed();
        bed.Device.Answers = static (_, _) => CommandAnswer.Stall;
        Task<UciHandle> opening = bed.Node.OpenAsync();
        OpenBed.WaitUntil(() => bed.Device.StalledCommands == 1, "START of the uplink");
        await bed.SettleRequestsAsync();
        Assert.Equal(s_start[..1], bed.Device.Commands);
        _ = bed.Device.AnswerStalled();
        OpenBed.WaitUntil(() => bed.Device.StalledCommands == 1, "START of the downlink");
        await bed.SettleRequestsAsync();
        Assert.Equal(s_start, bed.Device.Commands);
        Assert.False(opening.IsCompleted);
        _ = bed.Device.AnswerStalled();
        bed.Device.Answers = static (_, _) => CommandAnswer.Succeed;
        using UciHandle handle = await opening.WaitAsync(UciBed.Soon);
        Assert.Equal(s_start, bed.Device.Commands);
    }

    [Fact]
    [UciClause(17, "The first open posts every receive buffer that the ring takes, each a packet of its own.")]
    public void UCI_017_EveryReceiveBufferIsPosted()
    {
        using var bed = new OpenBed();
        using UciHandle handle = bed.Open();
        HeldElement[] posted = bed.Device.Elements(OpenBed.Downlink);
        Assert.Equal(3, posted.Length);
        Assert.All(posted, element =>
        {
            Assert.Equal(bed.Node.ReceiveCapacity, element.Length);
            Assert.True(element.EndsTransfer);
            Assert.False(element.IsChained);
        });
        Assert.Equal(3, posted.Select(element => element.Buffer).Distinct().Count());
        Assert.Equal(3, bed.Node.Counters.PostedBuffers);
    }

    [Theory]
    [InlineData(false, new[] { 4096 })]
    [InlineData(true, new[] { 4064, 32 })]
    [UciClause(18, "A receive buffer takes M bytes, or M - 32 with the option V6ReceiveSize.")]
    public void UCI_018_ReceiveCapacity(bool v6ReceiveSize, int[] pieces)
    {
        using var bed = new OpenBed(new UciTableEntry("LOOPBACK", 4096) { V6ReceiveSize = v6ReceiveSize });
        using UciHandle handle = bed.Open();
        Assert.Equal(pieces[0], bed.Node.ReceiveCapacity);
        Assert.All(bed.Device.Elements(OpenBed.Downlink), element => Assert.Equal(pieces[0], element.Length));
        byte[] packet = new byte[4096];
        new Random(18).NextBytes(packet);
        Assert.True(bed.Device.Deliver(OpenBed.Downlink, packet));
        byte[] received = new byte[4096];
        int total = 0;
        foreach (int piece in pieces)
        {
            UciReceiveResult result = handle.Receive(received.AsSpan(total), UciBed.Long);
            total += result.Count;
            Assert.Equal(new UciReceiveResult(piece, EndOfMessage: total == 4096, Truncated: false), result);
        }

        Assert.Equal(packet, received);
        Assert.Equal(pieces.Length, bed.Node.Counters.ReceivedBuffers);
    }

    [Fact]
    [UciClause(
        19,
        "A node whose downlink ring offers no descriptor fails to open with EIO and is left stopped.",
        Departure = "A ring without a usable descriptor is refused when the controller is made, before anything is published: the mistake is the profile's, and there is no node to open. The price: one such ring refuses the whole controller, where the clause loses one node.")]
    public void UCI_019_RingWithoutDescriptorIsRefused()
    {
        using var device = new HeldDevice();
        var exception = Assert.Throws<ArgumentException>(
            () => MhiController.Create(new PromptFunction(device), TestProfile.Of(4, 1, ChannelDirections.Both)));
        Assert.Contains("LOOPBACK", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.LiveRegions);

        // The smallest that there is works.
        using var bed = new OpenBed(profile: TestProfile.Of(4, 2, ChannelDirections.Both));
        using UciHandle handle = bed.Open();
        _ = Assert.Single(bed.Device.Elements(OpenBed.Downlink));
        OpenBed.AssertEchoes(handle);
        OpenBed.AssertEchoes(handle);
    }

    [Fact]
    [UciClause(20, "A node without one of the directions opens; what would need that direction is not supported (EOPNOTSUPP).")]
    public void UCI_020_UplinkOnly()
    {
        using var bed = new OpenBed(profile: OpenBed.OneWay(ChannelDirections.Uplink));
        bed.Device.Echoes = false;
        bed.Device.CompletesUplink = true;
        using UciHandle handle = bed.Open();
        Assert.Equal([(ElementType.StartChannel, OpenBed.Uplink)], bed.Device.Commands);
        Assert.Equal(3, handle.Write([1, 2, 3], UciBed.Long));
        handle.Flush(UciBed.Long);
        Assert.Equal([[1, 2, 3]], bed.Device.Packets(OpenBed.Uplink));
        Assert.Equal(UciErrno.NotSupported, Assert.Throws<UciNotSupportedException>(() => handle.Read(new byte[1])).ErrorCode);
        Assert.Throws<UciNotSupportedException>(() => handle.Receive(new byte[1]));
        Assert.Empty(bed.Device.Elements(OpenBed.Downlink));
        Assert.Equal(0, bed.Node.Counters.PostedBuffers);
    }

    [Fact]
    [UciClause(20, "A node without one of the directions opens; what would need that direction is not supported (EOPNOTSUPP).")]
    public void UCI_020_DownlinkOnly()
    {
        using var bed = new OpenBed(profile: OpenBed.OneWay(ChannelDirections.Downlink));
        using UciHandle handle = bed.Open();
        Assert.Equal([(ElementType.StartChannel, OpenBed.Downlink)], bed.Device.Commands);
        Assert.True(bed.Device.Deliver(OpenBed.Downlink, [1, 2, 3]));
        Assert.Equal(3, handle.Read(new byte[10], UciBed.Long));
        Assert.Equal(UciErrno.NotSupported, Assert.Throws<UciNotSupportedException>(() => handle.Write([1])).ErrorCode);
        Assert.Throws<UciNotSupportedException>(() => handle.WriteMessage([1]));
        Assert.Throws<UciNotSupportedException>(() => handle.Flush());
        handle.Dispose();
        Assert.Equal((ElementType.ResetChannel, OpenBed.Downlink), bed.Device.Commands[^1]);
        Assert.Equal(2, bed.Device.Commands.Length);
    }
}
