using System;
using System.Text;
using Xunit;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>How a run of the program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
public sealed record MhiRun(int ExitCode, byte[] Output, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Checks that the run ended well and had nothing to complain of.</summary>
    public void AssertDone()
    {
        Assert.Equal("", Error);
        Assert.Equal(0, ExitCode);
    }

    /// <summary>Checks that the run failed with one plain sentence.</summary>
    /// <param name="exitCode">The exit code it must have.</param>
    /// <param name="sentence">The sentence it must say.</param>
    public void AssertFailed(int exitCode, string sentence)
    {
        string[] lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(sentence, lines.Length == 0 ? "" : lines[0]);
        Assert.Equal(exitCode, ExitCode);

        // A usage error adds where to find help; nothing else adds anything, least of all a stack trace.
        Assert.Equal(exitCode == 2 ? 2 : 1, lines.Length);
        Assert.True(exitCode != 2 || lines[1].StartsWith("Try 'mhi", StringComparison.Ordinal));
    }
}
