using System;
using System.Text.Json;
using Mhi.Gateway.Bus;
using Mhi.Pci;
using Mhi.Runtime.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Bus;

public sealed class ListTests : IDisposable
{
    private readonly SysfsTree _tree = new();

    [Fact]
    public void Text_SaysWhatToTypeNext()
    {
        _tree.Add("0000:01:00.0", "mhi-pci-generic", 1)
            .Add("0000:02:00.0", PciDevice.VfioDriver, 2)
            .Add("0000:03:00.0", "mhi-pci-generic", 3, "17cb:0308")
            .Add("0000:03:00.1", "serial", 3, "8086:1533")
            .Add("0000:04:00.0", null, null);

        Assert.Equal(
            """
            FUNCTION      ID         PROFILE          DRIVER           GROUP  NEXT
            0000:01:00.0  105b:e0ab  foxconn-t99w175  mhi-pci-generic  1      mhi bind 0000:01:00.0
            0000:02:00.0  105b:e0ab  foxconn-t99w175  vfio-pci         2      mhi doctor --device vfio:0000:02:00.0
            0000:03:00.0  17cb:0308  qcom-sdx65m      mhi-pci-generic  3      mhi bind 0000:03:00.0 0000:03:00.1
            0000:04:00.0  105b:e0ab  foxconn-t99w175  -                -      mhi doctor --device vfio:0000:04:00.0

            """.ReplaceLineEndings("\n"),
            ListRun.WriteText(ListedFunction.Find(_tree.Bus, all: false)));
    }

    [Fact]
    public void All_HasWhatNoProfileKnows()
    {
        _tree.Add("0000:00:1f.0", "lpc_ich", identity: "8086:1533");

        ListedFunction function = Assert.Single(ListedFunction.Find(_tree.Bus, all: true));
        Assert.Null(function.Profile);
        Assert.Null(function.Next);
        Assert.Empty(ListedFunction.Find(_tree.Bus, all: false));
        Assert.StartsWith("None of the 1 PCI functions of this machine", ListRun.DescribeNone(_tree.Bus), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_HasTheGroup()
    {
        _tree.Add("0000:03:00.0", "mhi-pci-generic", 3).Add("0000:03:00.1", "serial", 3, "8086:1533");

        using JsonDocument json = JsonDocument.Parse(ListJson.Write(ListedFunction.Find(_tree.Bus, all: false)));
        JsonElement row = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal("0000:03:00.0", row.GetProperty("function").GetString());
        Assert.Equal(3, row.GetProperty("iommuGroup").GetInt32());
        Assert.True(row.GetProperty("groupMembers")[1].GetProperty("keepsGroupFromPrograms").GetBoolean());
        Assert.Equal("mhi bind 0000:03:00.0 0000:03:00.1", row.GetProperty("next").GetString());
    }

    public void Dispose() => _tree.Dispose();
}
