using System;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;
using System.Text.Json;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class LoopbackProgramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(65535)]
    public void GeneratedData_OfAnySize_ComesBackEqual(int size)
    {
        MhiRun run = MhiProgram.Run($"loopback --size {size} --count 500 --json");

        run.AssertDone();
        using JsonDocument json = JsonDocument.Parse(run.Text);
        JsonElement report = json.RootElement;
        Assert.Equal("LOOPBACK", report.GetProperty("channel").GetString());
        Assert.Equal("emulated", report.GetProperty("device").GetString());
        Assert.Equal(4096, report.GetProperty("mtu").GetInt32());
        Assert.Equal(500, report.GetProperty("packets").GetInt64());
        Assert.Equal(500L * size, report.GetProperty("bytesSent").GetInt64());
        Assert.Equal(500L * size, report.GetProperty("bytesReceived").GetInt64());
        Assert.Equal(report.GetProperty("sha256Sent").GetString(), report.GetProperty("sha256Received").GetString());
        Assert.Equal(1, run.Text.AsSpan().Count('\n'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void GeneratedData_WithAWindow_ComesBackEqual(int window)
    {
        MhiRun run = MhiProgram.Run($"loopback --window {window} --count 200 --json");

        run.AssertDone();
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.Equal(200, json.RootElement.GetProperty("packets").GetInt64());
        Assert.Equal(
            json.RootElement.GetProperty("sha256Sent").GetString(), json.RootElement.GetProperty("sha256Received").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_001)]
    public void File_ThroughTheChannel_ComesOutAsItWas(int length)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = RandomNumberGenerator.GetBytes(length);
        string input = folder.Add("input", bytes);
        string output = folder.PathOf("output");

        MhiRun run = MhiProgram.Run($"loopback --in '{input}' --out '{output}' --size 1000 --json");

        run.AssertDone();
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.Equal(bytes, File.ReadAllBytes(output));
        Assert.Equal((length + 999) / 1000, json.RootElement.GetProperty("packets").GetInt64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), json.RootElement.GetProperty("sha256Sent").GetString());
    }

    [Fact]
    public void StandardStreams_CarryTheDataAndErrorTheSummary()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(50_000);

        MhiRun run = MhiProgram.Run("loopback --in - --out -", bytes);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(bytes, run.Output);
        Assert.StartsWith("channel      LOOPBACK of the emulated device, MTU 4096 bytes\npackets      13 of 4096 bytes\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("equal on both sides", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void InputInPieces_IsSentInWholePackets()
    {
        MhiRun run = MhiProgram.Shell("(printf abc; sleep 0.2; printf defgh) | \"$@\" loopback --in - --size 2 --json");

        run.AssertDone();
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.Equal(4, json.RootElement.GetProperty("packets").GetInt64());
    }

    [Fact]
    public void StandardOutput_ThatIsAFile_IsWrittenBehindWhatIsThere()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("output");

        MhiRun run = MhiProgram.Shell($"(printf 'before '; printf data | \"$@\" loopback --in - --out - --quiet; printf ' behind') > '{path}'");

        run.AssertDone();
        Assert.Equal("before data behind", File.ReadAllText(path));
    }

    [Fact]
    public void Quiet_SaysNothing()
    {
        MhiRun run = MhiProgram.Run("loopback --count 10 --quiet");

        run.AssertDone();
        Assert.Equal("", run.Text);
    }

    [Fact]
    public void Count_OfAnInput_TakesOnlyItsFirstPackets()
    {
        MhiRun run = MhiProgram.Run("loopback --in /dev/zero --count 3 --size 10 --out - --quiet");

        run.AssertDone();
        Assert.Equal(new byte[30], run.Output);
    }

    [Fact]
    public void Duration_EndsARunWhoseInputIsSilent()
    {
        using Process program = MhiProgram.Start("exec \"$@\" loopback --in - --duration 0.3 --json");

        string text = program.StandardOutput.ReadToEnd();

        Assert.True(program.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, program.ExitCode);
        Assert.Contains("\"packets\":0,", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_ShowsTheHashAndTheFirstEcho()
    {
        MhiRun run = MhiProgram.Run("loopback --count 10");

        run.AssertDone();
        Assert.Contains(", equal on both sides\nfirst echo   ", run.Text, StringComparison.Ordinal);
        Assert.EndsWith(" ms after the start of the process\n", run.Text, StringComparison.Ordinal);
    }
}
