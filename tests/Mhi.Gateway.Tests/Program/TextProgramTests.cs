using System;
using System.Text.Json;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class TextProgramTests
{
    [Fact]
    public void Table_ListsTheChannelsOfTheFile()
    {
        MhiRun run = MhiProgram.Run("table");

        run.AssertDone();
        string[] lines = run.Text.TrimEnd().Split('\n');
        Assert.Equal(1 + ChannelTable.Entries.Length, lines.Length);
        Assert.StartsWith("CHANNEL  ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("LOOPBACK  ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Table_AsJson_HasAllRows()
    {
        MhiRun run = MhiProgram.Run("table --json");

        run.AssertDone();
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.Equal(ChannelTable.Entries.Length, json.RootElement.GetArrayLength());
    }

    [Fact]
    public void Version_IsThatOfTheProject()
    {
        MhiRun run = MhiProgram.Run("--version");

        run.AssertDone();
        Assert.Equal(typeof(GatewayException).Assembly.GetName().Version!.ToString(3), run.Text.Trim());
    }

    [Theory]
    [InlineData("--help", "mhi [command] [options]")]
    [InlineData("loopback --help", "mhi loopback [options]")]
    [InlineData("at -h", "mhi at [options]")]
    [InlineData("table -?", "mhi table [options]")]
    public void Help_ShowsUsageAndExitCodes(string arguments, string usage)
    {
        MhiRun run = MhiProgram.Run(arguments);

        run.AssertDone();
        Assert.Contains(usage, run.Text, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", run.Text, StringComparison.Ordinal);
    }
}
