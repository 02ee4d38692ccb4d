using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

/// <summary>The program on a device in another process, which is the program, too.</summary>
public sealed class VfioUserProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string SocketPath => _folder.PathOf("modem");

    [Fact]
    public void Loopback_OfAFile_ComesBackEqual_AndTheEndpointSawNoViolation()
    {
        byte[] data = new byte[3_000_001];
        new Random(1).NextBytes(data);
        string log = _folder.PathOf("log");
        using Process endpoint = StartEndpoint($"--once --log {log}");

        MhiRun run = MhiProgram.Run($"loopback --device vfio-user:{SocketPath} --in {_folder.Add("input", data)} --out {_folder.PathOf("output")} --json");

        run.AssertDone();
        Assert.Equal(data, File.ReadAllBytes(_folder.PathOf("output")));
        JsonElement report = JsonDocument.Parse(run.Text).RootElement;
        Assert.Equal($"vfio-user:{SocketPath}", report.GetProperty("device").GetString());
        Assert.True(endpoint.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, endpoint.ExitCode);
        Assert.DoesNotContain("violation", File.ReadAllText(log), StringComparison.OrdinalIgnoreCase);
    }

    [NativeFact]
    public void Loopback_AllocatesNothingWhileDataFlow()
    {
        using Process endpoint = StartEndpoint("");

        MhiRun run = MhiProgram.Run($"loopback --device vfio-user:{SocketPath} --count 20000 --json");

        run.AssertDone();
        Assert.Equal(0, JsonDocument.Parse(run.Text).RootElement.GetProperty("allocatedBytes").GetInt64());
        Stop(endpoint);
    }

    [Fact]
    public void At_TalksToTheModem()
    {
        using Process endpoint = StartEndpoint("");

        MhiRun run = MhiProgram.Run($"at --device vfio-user:{SocketPath}", Encoding.ASCII.GetBytes("AT+CGMM\n"));

        run.AssertDone();
        Assert.Contains("T99W175", run.Text, StringComparison.Ordinal);
        Stop(endpoint);
    }

    [Fact]
    public async Task Loopback_WhoseEndpointIsKilled_SaysSo()
    {
        using Process endpoint = StartEndpoint("");
        using Process loopback = MhiProgram.Start($"exec \"$@\" loopback --device vfio-user:{SocketPath} --out - --duration 100");
        Task<string> error = loopback.StandardError.ReadToEndAsync();
        byte[] some = new byte[4096];
        await loopback.StandardOutput.BaseStream.ReadExactlyAsync(some);
        Task draining = loopback.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

        endpoint.Kill();

        Assert.True(loopback.WaitForExit(TimeSpan.FromSeconds(60)));
        await draining;
        Assert.Equal($"The server at '{SocketPath}' has ended the connection. Start it again, then open the device anew.\n", await error);
        Assert.Equal(1, loopback.ExitCode);
    }

    [Fact]
    public void Device_ThatIsNotThere_IsSaid() =>
        MhiProgram.Run($"loopback --device vfio-user:{SocketPath}").AssertFailed(
            1, $"There is no socket '{SocketPath}'. Start the device first, such as with `mhi endpoint --vfio-user {SocketPath}`.");

    [Fact]
    public void Function_ThatIsNotThere_IsSaid()
    {
        MhiRun run = MhiProgram.Run("at --device vfio:ffff:ff:1f.7");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("ffff:ff:1f.7", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static void Stop(Process endpoint)
    {
        endpoint.Kill();
        endpoint.WaitForExit();
    }

    private Process StartEndpoint(string options)
    {
        Process program = MhiProgram.Start($"exec \"$@\" endpoint --vfio-user {SocketPath} {options}");
        Assert.Equal($"foxconn-t99w175 waits at {SocketPath}.", program.StandardError.ReadLine());
        return program;
    }
}
