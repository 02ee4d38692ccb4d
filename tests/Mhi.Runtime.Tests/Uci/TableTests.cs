using System;
using System.Linq;
using Mhi.Channels;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class TableTests
{
    [Fact]
    [UciClause(5, "A channel is published only if its name is exactly an entry's; the first entry counts, an empty name ends the table.")]
    public void UCI_005_NamesMatchExactly()
    {
        using var device = new PromptHost(profile: TestProfile.Of(4, "loopback", "LOOPBACK2", "LOOPBACK", "QMI"));
        using var host = new UciHost(new UciHostOptions
        {
            Table = new UciTable(
            [
                new UciTableEntry("LOOPBACK", 100),
                new UciTableEntry("LOOPBACK", 200),
                new UciTableEntry(string.Empty, 0),
                new UciTableEntry("QMI", 300),
            ]),
        });
        host.Attach(device.Controller);
        host.Start();
        UciNode node = host.Nodes.Single();
        Assert.Equal("LOOPBACK", node.ChannelName);
        Assert.Equal(100, node.MaxTransferBytes);
    }

    [Fact]
    [UciClause(6, "The default table is LOOPBACK with 4096 bytes; M is at most 65535, and one that leaves no receive byte is refused.")]
    public void UCI_006_DefaultAndLimits()
    {
        UciTableEntry entry = Assert.Single(UciTable.Default.Entries);
        Assert.Equal("LOOPBACK", entry.Name);
        Assert.Equal(0x1000, entry.MaxTransferBytes);
        Assert.Equal(65535, Assert.Single(new UciTable([new UciTableEntry("A", 0x20000)]).Entries).MaxTransferBytes);
        Assert.Equal(1, Assert.Single(new UciTable([new UciTableEntry("A", 33) { V6ReceiveSize = true }]).Entries).ReceiveCapacity);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(32, true)]
    [InlineData(int.MinValue, true)]
    [UciClause(6, "The default table is LOOPBACK with 4096 bytes; M is at most 65535, and one that leaves no receive byte is refused.")]
    public void UCI_006_NoReceiveByteIsRefused(int maxTransferBytes, bool v6ReceiveSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new UciTable([new UciTableEntry("A", maxTransferBytes) { V6ReceiveSize = v6ReceiveSize }]));

    [Fact]
    public void Table_OfWhatNoChannelCanHave_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new UciTable([new UciTableEntry("A", 1) { PoolDepth = -1 }]));
        Assert.Throws<ArgumentException>(() => new UciTable([new UciTableEntry("A", 1) { Directions = 0 }]));
    }

    [Theory]
    [InlineData("0000:01:00.0", "LOOPBACK", "mhi_0000:01:00.0_LOOPBACK")]
    [InlineData("a/b", "IP/HW", "mhi_a!b_IP!HW")]
    [UciClause(7, "A node is named mhi_, the controller, _, the channel, with every / replaced by !.")]
    public void UCI_007_NodeName(string controller, string channel, string expected)
    {
        using var device = new PromptHost(controller, TestProfile.Of(4, channel));
        using var host = new UciHost(new UciHostOptions { Table = new UciTable([new UciTableEntry(channel, 100)]) });
        host.Attach(device.Controller);
        host.Start();
        UciNode node = host.Nodes.Single();
        Assert.Equal(expected, node.Name);
        Assert.Equal(expected, DeviceNodeName.For(controller, channel));
        using UciHandle handle = host.Open(expected);
        OpenBed.AssertEchoes(handle);
    }
}
