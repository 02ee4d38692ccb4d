using Mhi.Channels;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A table made from rows of the compiled one.</summary>
public class TableRowTests
{
    [Fact]
    public void From_TakesEveryColumnOver()
    {
        var table = UciTable.From(
        [
            new ChannelTableEntry("DIAG", 0x8000, ChannelDirections.Downlink, 12, true, WritePolicy.Eager, "DiagChannel", "Diagnostics."),
            new ChannelTableEntry("DUN", 0x1000, ChannelDirections.Both, 0, false, WritePolicy.WholeMessage, "DunChannel", string.Empty),
        ]);
        Assert.Equal(2, table.Entries.Count);
        Assert.Equal(
            new UciTableEntry("DIAG", 0x8000)
            {
                Directions = ChannelDirections.Downlink,
                PoolDepth = 12,
                DeliverEmptyPackets = true,
                WritePolicy = WritePolicy.Eager,
            },
            table.Find("DIAG"));
        Assert.Equal(new UciTableEntry("DUN", 0x1000), table.Find("DUN"));
    }
}
