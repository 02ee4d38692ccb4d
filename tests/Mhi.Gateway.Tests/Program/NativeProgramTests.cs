using System.IO;
using System.Text.Json;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

public sealed class NativeProgramTests
{
    [NativeFact]
    public void Run_InSteadyState_AllocatesNothing()
    {
        MhiRun run = MhiProgram.Run("loopback --count 20000 --json");

        run.AssertDone();
        AssertNoAllocation(run.Text);
    }

    [NativeFact]
    public void Run_FromFileToFile_AllocatesNothing()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Add("input", new byte[5_000_000]);

        MhiRun run = MhiProgram.Run($"loopback --in '{input}' --out '{folder.PathOf("output")}' --json");

        run.AssertDone();
        AssertNoAllocation(run.Text);
    }

    // Three transports: the controller is compiled for each kind of register access, and two of them bring their protocol.
    // The doctor, list and bind are 70 kB of it.
    [NativeFact]
    public void Binary_HasAtMost4600Kilobytes() =>
        Assert.InRange(new FileInfo(MhiProgram.NativeBinary!).Length, 1, 4_600_000);

    private static void AssertNoAllocation(string text)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        Assert.Equal(0, json.RootElement.GetProperty("allocatedBytes").GetInt64());
        Assert.Equal(0, json.RootElement.GetProperty("collections").GetInt32());
    }
}
