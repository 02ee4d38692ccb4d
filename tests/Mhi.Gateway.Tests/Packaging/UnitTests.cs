using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Packaging;

public sealed class UnitTests
{
    private const string Nodes = "mhi-nodes@.service";
    private const string Files = "mhi-files@.service";

    // What gives a unit mounts of its own, and so hides those that the program makes.
    private static readonly string[] s_mountsOfItsOwn =
    [
        "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables", "ProtectKernelModules", "ProtectKernelLogs",
        "ProtectControlGroups", "ProtectProc", "ProcSubset", "ReadOnlyPaths", "ReadWritePaths", "InaccessiblePaths", "TemporaryFileSystem",
        "BindPaths", "BindReadOnlyPaths", "RootDirectory", "RootImage", "MountAPIVFS", "PrivateNetwork", "PrivateMounts", "ProtectHostname", "PrivateUsers",
    ];

    [Theory]
    [InlineData(Nodes)]
    [InlineData(Files)]
    public void Unit_IsAcceptedBySystemd(string unit)
    {
        // Without systemd the other tests of this class are all there is; where it is, it has the last word.
        if (!PackagedFile.Has("systemd-analyze"))
        {
            return;
        }

        using var folder = new TemporaryFolder();
        string copy = folder.PathOf(unit);
        File.WriteAllText(copy, File.ReadAllText(PackagedFile.PathOf(unit)).Replace(PackagedFile.Program, "/bin/sh", StringComparison.Ordinal));

        (int exitCode, string output) = PackagedFile.Run("systemd-analyze", "verify", "--man=no", copy);

        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [InlineData(Nodes)]
    [InlineData(Files)]
    public void Commands_OfAUnit_AreUnderstoodByTheProgram(string unit)
    {
        string[] commands = [.. PackagedFile.SettingsOf(unit).Where(setting => setting.Key is "ExecStartPre" or "ExecStart").Select(setting => setting.Value.TrimStart('+'))];

        Assert.Equal(2, commands.Length);
        Assert.All(commands, command =>
        {
            // The group of the rules exists on the machine they are installed on, not on this one.
            string[] words = command.Replace("%i", "0000:01:00.0", StringComparison.Ordinal).Replace("--group mhi", "--group root", StringComparison.Ordinal).Split(' ');
            ParseResult parsed = CommandLine.Parse(words[1..]);
            Assert.Equal(PackagedFile.Program, words[0]);
            Assert.Empty(parsed.Errors);
        });
    }

    [Theory]
    [InlineData(Nodes, "/dev/cuse rw")]
    [InlineData(Files, "/dev/fuse rw")]
    public void Unit_AllowsWhatTheProgramNeeds(string unit, string device)
    {
        var settings = PackagedFile.SettingsOf(unit);
        string[] devices = [.. settings.Where(setting => setting.Key == "DeviceAllow").Select(setting => setting.Value)];

        Assert.Contains(device, devices);
        Assert.Contains("/dev/vfio/vfio rw", devices);
        Assert.Contains("char-vfio rw", devices);
        Assert.Contains(("Service", "DevicePolicy", "closed"), settings);
        Assert.Contains(("Service", "LimitMEMLOCK", "infinity"), settings);
        Assert.Contains(("Service", "NoNewPrivileges", "yes"), settings);
        Assert.DoesNotContain(settings, setting => setting.Key is "MemoryDenyWriteExecute" or "PrivateDevices");
    }

    [Fact]
    public void UnitOfFiles_HasNoMountsOfItsOwn() =>
        Assert.DoesNotContain(PackagedFile.SettingsOf(Files), setting => s_mountsOfItsOwn.Contains(setting.Key));

    [Fact]
    public void UnitOfFiles_LeavesNoDeadMount()
    {
        var settings = PackagedFile.SettingsOf(Files);
        string[] start = settings.Single(setting => setting.Key == "ExecStart").Value.Split(' ');
        string folder = start[Array.IndexOf(start, "--dir") + 1];

        Assert.Contains(("Service", "ExecStopPost", $"-/usr/bin/umount -q -l {folder}"), settings);
    }

    [Fact]
    public void UnitOfNodes_SeesLittleOfTheSystem()
    {
        var settings = PackagedFile.SettingsOf(Nodes);

        Assert.Contains(("Service", "ProtectSystem", "strict"), settings);
        Assert.Contains(("Service", "PrivateNetwork", "yes"), settings);
        Assert.DoesNotContain("CAP_SYS_ADMIN", settings.Single(setting => setting.Key == "CapabilityBoundingSet").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_AreThoseThatTheUnitsNeed() =>
        Assert.Equal(["vfio-pci", "vfio_iommu_type1", "cuse", "fuse"], PackagedFile.LinesOf("mhi.modules-load.conf"));

    [Fact]
    public void Group_IsTheOneOfUnitsAndRules() => Assert.Equal(["g mhi -"], PackagedFile.LinesOf("mhi.sysusers.conf"));
}
