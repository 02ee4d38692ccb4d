using System;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.Controller;

/// <summary>Channels opened with values instead of a definition.</summary>
public class ChannelOptionsTests
{
    private static ChannelOptions Good => new("LOOPBACK", 100, ChannelDirections.Both, 0, false);

    [Fact]
    public void ReceiveCapacity_IsTheMtu_UnlessSaidOtherwise()
    {
        Assert.Equal(100, Good.ReceiveCapacity);
        Assert.Equal(Good, ChannelOptions.Of<SmallLoopback>());
        Assert.NotEqual(Good, Good with { ReceiveCapacity = 68 });
    }

    [Fact]
    public async Task ReceiveCapacity_IsWhatTheDeviceIsOffered_AndTheLimitOfWhatItMayReport()
    {
        using var host = ScriptedHost.InMissionMode();
        ChannelOpening opening = host.Controller.BeginOpenChannel(Good with { ReceiveCapacity = 68 });
        host.Settle(opening.Task);
        ChannelPair pair = await opening.Task;
        ulong ring = host.Device.Channel(1).RingBase;
        Assert.Equal(68, host.Device.Element(ring).TransferLength);

        host.Device.Post(0, RingElement.TransferEvent(ring, CompletionCode.EndOfTransfer, 100, 1));
        _ = host.Controller.Poll();
        byte[] data = new byte[200];
        Assert.Equal(ChannelStatus.Done, pair.Downlink!.TryRead(data, out int count));
        Assert.Equal(68, count);
        host.Settle(host.Controller.CloseChannelAsync(pair, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("", 100, 100, 0, 3, "channel name")]
    [InlineData("A", 0, 1, 0, 3, "MTU of 0")]
    [InlineData("A", 0x10000, 100, 0, 3, "MTU of 65536")]
    [InlineData("A", 100, 0, 0, 3, "receive buffers of 0")]
    [InlineData("A", 100, 101, 0, 3, "receive buffers of 101")]
    [InlineData("A", 100, 100, -1, 3, "pool depth of -1")]
    [InlineData("A", 100, 100, 32769, 3, "pool depth of 32769")]
    [InlineData("A", 100, 100, 0, 0, "direction")]
    [InlineData("A", 100, 100, 0, 7, "direction")]
    public void Check_NamesTheValueThatNoChannelCanHave(string name, int mtu, int capacity, int depth, int directions, string words)
    {
        var options = new ChannelOptions(name, mtu, (ChannelDirections)directions, depth, false) { ReceiveCapacity = capacity };
        var exception = Assert.Throws<ArgumentException>("entry", () => options.Check("The entry", "entry"));
        Assert.StartsWith("The entry has", exception.Message, StringComparison.Ordinal);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(0xffff, 0xffff, 32768)]
    public void Check_TakesTheLimits(int mtu, int capacity, int depth) =>
        Assert.Null(Record.Exception(() => (Good with { Mtu = mtu, ReceiveCapacity = capacity, PoolDepth = depth }).Check("The entry", "entry")));
}
