using System.Text.Json;
using Mhi.Channels;
using Mhi.Gateway.Table;
using Xunit;

namespace Mhi.Gateway.Tests.Table;

public sealed class TableTests
{
    private static readonly ChannelTableEntry[] s_entries =
    [
        new("LOOPBACK", 4096, ChannelDirections.Both, 0, DeliverEmptyPackets: false, WritePolicy.WholeMessage, "LoopbackChannel", "Echo \"back\"."),
        new("QDSS", 65535, ChannelDirections.Downlink, 16, DeliverEmptyPackets: true, WritePolicy.Eager, "QdssChannel", ""),
    ];

    [Fact]
    public void Text_AlignsItsColumns() =>
        Assert.Equal(
            """
            CHANNEL   MTU    DIRECTIONS  POOL  POLICY        CLASS            DESCRIPTION
            LOOPBACK  4096   both        ring  wholeMessage  LoopbackChannel  Echo "back".
            QDSS      65535  downlink    16    eager         QdssChannel

            """.ReplaceLineEndings("\n"),
            TableText.Write(s_entries));

    [Fact]
    public void Json_IsAnArrayOfRows()
    {
        using JsonDocument json = JsonDocument.Parse(TableJson.Write(s_entries));

        Assert.Equal(2, json.RootElement.GetArrayLength());
        JsonElement row = json.RootElement[0];
        Assert.Equal("LOOPBACK", row.GetProperty("name").GetString());
        Assert.Equal(4096, row.GetProperty("mtu").GetInt32());
        Assert.Equal("both", row.GetProperty("directions").GetString());
        Assert.Equal("wholeMessage", row.GetProperty("writePolicy").GetString());
        Assert.Equal("LoopbackChannel", row.GetProperty("class").GetString());
        Assert.Equal("Echo \"back\".", row.GetProperty("description").GetString());
        row = json.RootElement[1];
        Assert.Equal(16, row.GetProperty("poolDepth").GetInt32());
        Assert.True(row.GetProperty("deliverEmptyPackets").GetBoolean());
        Assert.Equal("downlink", row.GetProperty("directions").GetString());
        Assert.Equal("eager", row.GetProperty("writePolicy").GetString());
    }
}
