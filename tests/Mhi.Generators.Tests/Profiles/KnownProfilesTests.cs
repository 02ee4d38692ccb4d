using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Pci;
using Mhi.Profiles;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Generators.Tests.Profiles;

/// <summary>The profiles as compiled, row by row against the reference.</summary>
public sealed class KnownProfilesTests
{
    public static TheoryData<string> Ids => [.. ExpectedProfiles.Rows("profile").Select(row => row[0])];

    [Fact]
    public void Ids_AreThoseOfTheReference_InOrder()
    {
        Assert.Equal(32, KnownProfiles.Ids.Length);
        Assert.Equal(ExpectedProfiles.Rows("profile").Select(row => row[0]).Order(StringComparer.Ordinal), KnownProfiles.Ids);
        Assert.Equal(KnownProfiles.Ids, KnownProfiles.All.Select(profile => profile.Id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Profile_HasTheValuesOfTheReference(string id)
    {
        string[] row = ExpectedProfiles.Rows("profile").Single(row => row[0] == id);
        DeviceProfile profile = Find(id);

        int timeout = ExpectedProfiles.Number(row[3]);
        Assert.Equal(TimeSpan.FromMilliseconds(timeout), profile.Timeout);
        Assert.Equal(TimeSpan.FromMilliseconds(ExpectedProfiles.Number(row[4], timeout)), profile.ReadyTimeout);
        Assert.Equal(ExpectedProfiles.Number(row[5]), profile.DmaAddressBits);
        Assert.Equal(ExpectedProfiles.Number(row[6]), profile.Mru);
        Assert.Equal(row[10], profile.BootImage ?? "-");
        Assert.Equal(row[11], profile.EdlImage ?? "-");
        string[] others = row[9] == "-" ? [] : row[9].Split(',');
        Assert.Equal(others.Contains("vf40") ? 40 : profile.DmaAddressBits, profile.VirtualFunctionDmaAddressBits);
        ProfileTraits traits = others.Where(other => other != "vf40").Aggregate(
            (row[7] == "yes" ? ProfileTraits.SidebandWake : 0) | (row[8] == "yes" ? ProfileTraits.EdlTrigger : 0),
            (all, trait) => all | Enum.Parse<ProfileTraits>(trait));
        Assert.Equal(traits, profile.Traits);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Profile_HasTheChannelsOfTheReference(string id)
    {
        string table = ExpectedProfiles.Rows("profile").Single(row => row[0] == id)[1];

        IEnumerable<ChannelProfile> expected = ExpectedProfiles.Table("channel", table).Select(row => new ChannelProfile(
            (byte)ExpectedProfiles.Number(row[0]),
            row[1],
            row[2] == "UL" ? ChannelType.Outbound : ChannelType.Inbound,
            ExpectedProfiles.Number(row[3]),
            ExpectedProfiles.Number(row[4]),
            row[5] switch
            {
                "SBL" => ExecutionEnvironment.SecondaryBootLoader,
                "FP" => ExecutionEnvironment.FlashProgrammer,
                _ => ExecutionEnvironment.Amss,
            },
            row[5] == "HW" ? BurstMode.Enabled : BurstMode.Disabled));

        Assert.Equal(expected, Find(id).Channels);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Profile_HasTheEventRingsOfTheReference(string id)
    {
        string[][] rows = ExpectedProfiles.Table("ring", ExpectedProfiles.Rows("profile").Single(row => row[0] == id)[2]);
        DeviceProfile profile = Find(id);

        Assert.Equal(Enumerable.Range(0, rows.Length), rows.Select(row => ExpectedProfiles.Number(row[0])));
        Assert.Equal(
            rows.Select(row => new EventRingProfile(
                ExpectedProfiles.Number(row[2]),
                row[1] switch { "DATA" => 5, "HW_DATA" => 1, _ => 0 },
                IsHardware: row[1] == "HW_DATA",
                CarriesControl: row[1] == "CTRL")),
            profile.EventRings);

        // A hardware ring serves one channel, which therefore needs no place in the data.
        Assert.All(rows.Where(row => row.Length == 4), row => Assert.Equal(
            [ExpectedProfiles.Number(row[3])],
            profile.Channels.Where(channel => channel.EventRing == ExpectedProfiles.Number(row[0])).Select(channel => (int)channel.Number)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Profile_HasThePciIdsOfTheReference_InMatchOrder(string id)
    {
        PciIdPattern[] expected =
        [
            .. ExpectedProfiles.Rows("pci")
                .Where(row => row[3] == id)
                .OrderBy(row => ExpectedProfiles.Number(row[0]))
                .Select(row => Pattern(row[1], row[2])),
        ];
        DeviceProfile profile = Find(id);

        Assert.Equal(expected, profile.PciIds);
        Assert.True(profile.PciIds[0].Matches(profile.Identity));
        Assert.True(KnownProfiles.TryMatch(profile.Identity, out DeviceProfile? matched));
        Assert.Same(profile, matched);
    }

    [Fact]
    public void TryMatch_ForEveryPciIdOfTheReference_FindsItsProfile()
    {
        Assert.Equal(47, ExpectedProfiles.Rows("pci").Length);
        Assert.All(ExpectedProfiles.Rows("pci"), row =>
        {
            PciIdPattern pattern = Pattern(row[1], row[2]);
            PciIdentity identity = new(
                pattern.Vendor, pattern.Device, pattern.SubsystemVendor ?? 0x1234, pattern.SubsystemDevice ?? 0x5678);

            Assert.True(KnownProfiles.TryMatch(identity, out DeviceProfile? profile));
            Assert.Equal(row[3], profile.Id);
        });
    }

    [Theory]
    [InlineData(0x1234, 0x5678)]
    [InlineData(0x17cb, 0xffff)]
    public void TryMatch_ForAnUnknownFunction_FindsNone(int vendor, int device)
    {
        Assert.False(KnownProfiles.TryMatch(new PciIdentity((ushort)vendor, (ushort)device, 0, 0), out DeviceProfile? profile));
        Assert.Null(profile);
    }

    [Fact]
    public void Property_OfAProfile_IsTheOneThatIsFound()
    {
        Assert.Same(KnownProfiles.FoxconnT99W175, Find("foxconn-t99w175"));
        Assert.Same(KnownProfiles.SierraEm919X, Find("sierra-em919x"));
        Assert.Same(KnownProfiles.QcomSdx55M, Find("qcom-sdx55m"));
        Assert.False(KnownProfiles.TryFind("Foxconn-T99W175", out _));
    }

    [Fact]
    public void Set_MakesAProfileWhenItIsAskedForAndOnce()
    {
        string[] ids = ["a", "b"];
        List<int> made = [];
        ProfileSet set = new([.. ids], [0x17cb0001, 0, 1], index =>
        {
            made.Add(index);
            return KnownProfiles.FoxconnT99W175 with { Id = ids[index] };
        });

        Assert.Equal(ids, set.Ids);
        Assert.Empty(made);
        Assert.True(set.TryMatch(new PciIdentity(0x17cb, 1, 0, 0), out DeviceProfile? matched));
        Assert.True(set.TryFind("b", out DeviceProfile? found));
        Assert.Same(matched, found);
        Assert.Equal([1], made);
        Assert.Equal(2, set.All.Length);
        Assert.Equal([1, 0], made);
    }

    private static DeviceProfile Find(string id)
    {
        Assert.True(KnownProfiles.TryFind(id, out DeviceProfile? profile));
        return profile;
    }

    private static PciIdPattern Pattern(string function, string subsystem)
    {
        string[] ids = function.Split(':');
        string[] subsystems = subsystem == "any" ? ["any", "any"] : subsystem.Split(':');
        return new PciIdPattern(
            ExpectedProfiles.Hexadecimal(ids[0]), ExpectedProfiles.Hexadecimal(ids[1]), Part(subsystems[0]), Part(subsystems[1]));

        static ushort? Part(string text) => text == "any" ? null : ExpectedProfiles.Hexadecimal(text);
    }
}
