using System;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Gateway.Tests.Packaging;

public sealed class RuleTests
{
    private const string Rules = "70-mhi.rules";

    [Fact]
    public void Rules_AreKeysWithValues()
    {
        var part = new Regex("""^(SUBSYSTEM==|KERNEL==|KERNEL!=|ATTRS\{vendor\}==|GROUP=|MODE=)"[^"]+"$""", RegexOptions.CultureInvariant);
        string[] lines = PackagedFile.LinesOf(Rules);

        Assert.Equal(4, lines.Length);
        Assert.All(lines, line =>
        {
            Assert.All(line.Split(", "), text => Assert.Matches(part, text));
            Assert.StartsWith("SUBSYSTEM==", line, StringComparison.Ordinal);
            Assert.EndsWith("GROUP=\"mhi\", MODE=\"0660\"", line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Rules_AreAcceptedByUdev()
    {
        // Before version 254 udev cannot check rules; the other tests of this class are all there is then.
        if (PackagedFile.Has("udevadm") && PackagedFile.Run("udevadm", "verify", "--help").ExitCode == 0)
        {
            (int exitCode, string output) = PackagedFile.Run("udevadm", "verify", "--resolve-names=never", PackagedFile.PathOf(Rules));
            Assert.True(exitCode == 0, output);
        }
    }

    [Fact]
    public void Vendors_AreThoseOfTheProfiles()
    {
        string[] known =
        [
            .. KnownProfiles.All.SelectMany(profile => profile.PciIds).Select(id => id.Vendor).Distinct().Order()
                .Select(vendor => string.Create(CultureInfo.InvariantCulture, $"0x{vendor:x4}")),
        ];

        string rule = PackagedFile.LinesOf(Rules).Single(line => line.Contains("vfio-dev", StringComparison.Ordinal));
        Assert.Contains($"ATTRS{{vendor}}==\"{string.Join('|', known)}\"", rule, StringComparison.Ordinal);
    }
}
