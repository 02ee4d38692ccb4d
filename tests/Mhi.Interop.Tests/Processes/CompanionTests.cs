using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using Mhi.Interop.Processes;
using Xunit;

namespace Mhi.Interop.Tests.Processes;

public sealed class CompanionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mhi-companion").FullName;

    private string Told => Path.Combine(_folder, "told");

    [Fact]
    public void Input_EndsWhenItIsDisposed()
    {
        using (Companion companion = Tell("cat; readlink /proc/$$/fd/2; tr '\\0' '\\n' < /proc/$$/environ | wc -l"))
        {
            Assert.False(companion.IsInvalid);
            Assert.False(File.Exists(Told));
        }

        // Its standard error leads nowhere, and it was given no environment.
        Assert.Equal(["/dev/null", "0"], UntilTold());
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("TERM")]
    public void Signal_ThatEndsPrograms_DoesNotReachIt(string signal)
    {
        using (Companion companion = Tell("cat; echo alive"))
        {
            using Process kill = Process.Start("kill", [$"-{signal}", $"{companion.Id}"]);
            kill.WaitForExit();
            Assert.Equal(0, kill.ExitCode);
        }

        Assert.Equal(["alive"], UntilTold());
    }

    [Fact]
    public void Program_ThatDoesNotExist_IsRefused() =>
        Assert.Equal(2, Assert.Throws<SystemCallException>(() => Companion.Start("/nonexistent/program")).NativeErrorCode);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The file appears when all is in it.
    private Companion Tell(string script) =>
        Companion.Start("/bin/bash", "-c", $"PATH=/usr/bin:/bin; {{ {script}; }} > {Told}.new; mv {Told}.new {Told}");

    private string[] UntilTold()
    {
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Told), TimeSpan.FromSeconds(60)));
        return File.ReadAllLines(Told);
    }
}
