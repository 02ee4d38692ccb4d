using System.IO;
using System.Text;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

public sealed class CpioArchiveTests
{
    [Fact]
    public void Archive_HasAlignedHeadersNamesAndContents()
    {
        using var output = new MemoryStream();
        var archive = new CpioArchive(output);
        archive.AddFolder("lib");
        archive.AddFile("lib/a", "hello"u8);
        archive.Complete();

        string text = Encoding.ASCII.GetString(output.ToArray()).Replace('\0', '.');
        const string Zero = "00000000";
        Assert.Equal(
            "070701" + "00010000" + "000041ED" + Zero + Zero + "00000001" + Zero + Zero + Zero + Zero + Zero + Zero + "00000004" + Zero
            + "lib..." // the name and its end, up to a multiple of four
            + "070701" + "00010001" + "000081ED" + Zero + Zero + "00000001" + Zero + "00000005" + Zero + Zero + Zero + Zero + "00000006" + Zero
            + "lib/a." + "hello..."
            + "070701" + "00010002" + Zero + Zero + Zero + "00000001" + Zero + Zero + Zero + Zero + Zero + Zero + "0000000B" + Zero
            + "TRAILER!!!....",
            text);
    }
}
