using System;
using System.IO;
using System.Text;
using Mhi.Gateway.Loopback;
using Xunit;

namespace Mhi.Gateway.Tests.Loopback;

public sealed class TransferProgressTests
{
    [Fact]
    public void Show_WithKnownTotal_DrawsABar()
    {
        using var terminal = new MemoryStream();
        var progress = new TransferProgress(terminal, totalBytes: 200_000_000, timeLimit: null);

        progress.Show(100_000_000, TimeSpan.FromSeconds(0.5));

        Assert.Equal("\r[###############...............]  50%      100.0 MB    200.0 MB/s\x1b[K", Text(terminal));
    }

    [Fact]
    public void Show_WithTimeLimit_DrawsTheTime()
    {
        using var terminal = new MemoryStream();
        var progress = new TransferProgress(terminal, totalBytes: null, timeLimit: TimeSpan.FromSeconds(4));

        progress.Show(8_000_000, TimeSpan.FromSeconds(1));

        Assert.Equal("\r[#######.......................]  25%        8.0 MB      8.0 MB/s\x1b[K", Text(terminal));
    }

    [Fact]
    public void Show_WithoutAnyTotal_DrawsNumbersOnly()
    {
        using var terminal = new MemoryStream();
        var progress = new TransferProgress(terminal, totalBytes: null, timeLimit: null);

        progress.Show(8_000_000, TimeSpan.FromSeconds(1));

        Assert.Equal("\r       8.0 MB      8.0 MB/s\x1b[K", Text(terminal));
    }

    [Fact]
    public void Show_TwiceWithinTheInterval_WritesOnce()
    {
        using var terminal = new MemoryStream();
        var progress = new TransferProgress(terminal, totalBytes: null, timeLimit: null);
        progress.Show(1, TimeSpan.Zero);
        long length = terminal.Length;

        progress.Show(2, TimeSpan.FromMilliseconds(99));
        Assert.Equal(length, terminal.Length);

        progress.Show(2, TimeSpan.FromMilliseconds(100));
        Assert.True(terminal.Length > length);
    }

    [Fact]
    public void Show_BeyondTheTotal_StaysAtTheEnd()
    {
        using var terminal = new MemoryStream();
        var progress = new TransferProgress(terminal, totalBytes: 10, timeLimit: null);

        progress.Show(11, TimeSpan.FromSeconds(1));

        Assert.StartsWith("\r[##############################] 100%", Text(terminal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, 0.0000001)]
    public void Format_OfAnyNumbers_Fits(long bytes, double seconds)
    {
        var line = new byte[128];

        int length = TransferProgress.Format(line, bytes, TimeSpan.FromSeconds(seconds), share: 1);

        Assert.EndsWith("MB/s\x1b[K", Encoding.UTF8.GetString(line, 0, length), StringComparison.Ordinal);
    }

    private static string Text(MemoryStream terminal) => Encoding.UTF8.GetString(terminal.ToArray());
}
