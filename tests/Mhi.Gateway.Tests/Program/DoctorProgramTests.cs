using System.Linq;
using System.Text.Json;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class DoctorProgramTests
{
    [Fact]
    public void Doctor_OfTheEmulatedDevice_SaysThatAllIsWell()
    {
        MhiRun run = MhiProgram.Run("doctor");

        run.AssertDone();
        string[] lines = run.Text.TrimEnd().Split('\n');
        Assert.Equal("ok    open         emulated is open as emu0, profile foxconn-t99w175", lines[0]);
        Assert.Equal("All is well.", lines[^1]);
        Assert.All(lines[..^1], line => Assert.StartsWith("ok    ", line, System.StringComparison.Ordinal));
    }

    [Fact]
    public void Doctor_AsJson_HasAFindingPerStep()
    {
        MhiRun run = MhiProgram.Run("doctor --json");

        run.AssertDone();
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.True(json.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(0, json.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Equal(
            ["open", "registers", "environment", "state", "vectors", "mission", "loopback", "interrupts"],
            json.RootElement.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("step").GetString()));
    }

    [Fact]
    public void Doctor_OfNoSuchFunction_EndsWithItsCode()
    {
        MhiRun run = MhiProgram.Run("doctor --device vfio:ffff:ff:1f.7 --json");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("", run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.False(json.RootElement.GetProperty("ok").GetBoolean());
        JsonElement finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal("failed", finding.GetProperty("state").GetString());
        Assert.Equal("function", finding.GetProperty("step").GetString());
    }

    [Fact]
    public void Doctor_OfAnEndpointThatIsNotThere_EndsWithItsCode()
    {
        MhiRun run = MhiProgram.Run("doctor --device vfio-user:/nonexistent/socket");

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("FAIL  function", run.Text, System.StringComparison.Ordinal);
        Assert.EndsWith("The walk ended at 'function'; what comes after it was not looked at.\n", run.Text, System.StringComparison.Ordinal);
    }
}
