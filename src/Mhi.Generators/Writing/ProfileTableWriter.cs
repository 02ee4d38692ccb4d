using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Mhi.Generators.Models;
using static Mhi.Generators.Writing.SourceWords;

namespace Mhi.Generators.Writing;

/// <summary>Writes the class of all profiles: a property each, and the tables they share, each written once.</summary>
internal sealed class ProfileTableWriter
{
    public const string ClassName = "KnownProfiles";

    private readonly ProfileTableModel _table;
    private readonly ImmutableArray<EquatableArray<ProfileChannelModel>> _channels;
    private readonly ImmutableArray<EquatableArray<EventRingModel>> _rings;

    private ProfileTableWriter(ProfileTableModel table)
    {
        _table = table;
        _channels = ImmutableArray.CreateRange(table.Profiles.Select(profile => profile.Channels).Distinct());
        _rings = ImmutableArray.CreateRange(table.Profiles.Select(profile => profile.EventRings).Distinct());
    }

    public static string Write(ProfileTableModel table) => new ProfileTableWriter(table).Write();

    private string Write() => WithLineFeeds(
        $$"""
        {{Header("the profile files")}}

        namespace {{_table.Namespace}};

        /// <summary>The device families this version knows.</summary>
        public static class {{ClassName}}
        {
            private static readonly global::Mhi.Profiles.ProfileSet s_set = new(
                [
        {{string.Concat(_table.Profiles.Select(Name))}}        ],
                [
        {{string.Concat(_table.Profiles.SelectMany(Rows).OrderBy(row => row.Order).Select(row => row.Text))}}        ],
                Create);

            /// <summary>Names of all profiles, in ascending order. Makes none of them.</summary>
            public static global::System.Collections.Immutable.ImmutableArray<string> Ids => s_set.Ids;

            /// <summary>All profiles, in the order of their names. Makes those that nobody has asked for yet.</summary>
            public static global::System.Collections.Immutable.ImmutableArray<global::Mhi.Profiles.DeviceProfile> All => s_set.All;

        {{string.Concat(_table.Profiles.Select(Property))}}    /// <summary>Looks a profile up by its name.</summary>
            /// <param name="id">Its name.</param>
            /// <param name="profile">The profile.</param>
            /// <returns>Whether there is one.</returns>
            public static bool TryFind(
                string id,
                [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out global::Mhi.Profiles.DeviceProfile? profile) =>
                s_set.TryFind(id, out profile);

            /// <summary>Looks up the profile of a PCI function: that of the first PCI ID that matches.</summary>
            /// <param name="identity">The function.</param>
            /// <param name="profile">The profile.</param>
            /// <returns>Whether there is one.</returns>
            public static bool TryMatch(
                global::Mhi.Pci.PciIdentity identity,
                [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out global::Mhi.Profiles.DeviceProfile? profile) =>
                s_set.TryMatch(identity, out profile);

            private static global::Mhi.Profiles.DeviceProfile Create(int index) => index switch
            {
        {{string.Concat(_table.Profiles.Select(Arm))}}        _ => throw new global::System.ArgumentOutOfRangeException(nameof(index)),
            };

        {{string.Concat(_channels.Select(ChannelTable))}}{{string.Join("\n", _rings.Select(RingTable))}}}

        """);

    private static string Name(ProfileModel profile) =>
        $"""
                    {Literal(profile.Id)},

        """;

    private static (int Order, string Text)[] Rows(ProfileModel profile, int index) =>
        [.. profile.PciIds.Select(id => (
            id.Order,
            $"""
                        0x{Word(id.Vendor, id.Device)}, 0x{Word(id.SubsystemVendor ?? 0, id.SubsystemDevice ?? 0)}, {Index(id, index)}, // {Documentation(id.Label)}

            """))];

    private static string Index(PciIdModel id, int index) =>
        Decimal(index)
        + (id.SubsystemVendor is null ? string.Empty : " | global::Mhi.Profiles.ProfileSet.Vendor")
        + (id.SubsystemDevice is null ? string.Empty : " | global::Mhi.Profiles.ProfileSet.Device");

    private static string Word(int high, int low) =>
        ((high << 16) | low).ToString("x8", CultureInfo.InvariantCulture);

    private static string Property(ProfileModel profile, int index) =>
        $"""
            /// <summary>{(profile.Description.Length == 0 ? profile.Id : Documentation(profile.Description))}.</summary>
            public static global::Mhi.Profiles.DeviceProfile {profile.PropertyName} => s_set[{Decimal(index)}];


        """;

    private string Arm(ProfileModel profile, int index)
    {
        PciIdModel first = profile.PciIds[0];
        string identity = string.Join(", ", new[] { first.Vendor, first.Device, first.SubsystemVendor ?? first.Vendor, first.SubsystemDevice ?? first.Device }
            .Select(number => "0x" + number.ToString("x4", CultureInfo.InvariantCulture)));
        string traits = profile.Flags.Count == 0
            ? "global::Mhi.Profiles.ProfileTraits.None"
            : string.Join(" | ", profile.Flags.Select(flag => "global::Mhi.Profiles.ProfileTraits." + flag));
        return $$"""
                    {{Decimal(index)}} => new(
                        {{Literal(profile.Id)}},
                        new global::Mhi.Pci.PciIdentity({{identity}}),
                        Channels{{Decimal(_channels.IndexOf(profile.Channels))}}(),
                        EventRings{{Decimal(_rings.IndexOf(profile.EventRings))}}(),
                        global::System.TimeSpan.FromMilliseconds({{Decimal(profile.TimeoutMs)}}d),
                        global::System.TimeSpan.FromMilliseconds({{Decimal(profile.ReadyTimeoutMs)}}d),
                        {{Decimal(profile.DmaAddressBits)}})
                    {
                        PciIds = s_set.PciIds({{Decimal(index)}}),
                        BootImage = {{Text(profile.BootImage)}},
                        EdlImage = {{Text(profile.EdlImage)}},
                        Mru = {{Decimal(profile.Mru)}},
                        VirtualFunctionDmaAddressBits = {{Decimal(profile.VirtualFunctionDmaAddressBits)}},
                        Traits = {{traits}},
                    },

            """;
    }

    private static string Text(string? text) => text is null ? "null" : Literal(text);

    private static string ChannelTable(EquatableArray<ProfileChannelModel> channels, int index) =>
        $"""
            private static global::System.Collections.Immutable.ImmutableArray<global::Mhi.Profiles.ChannelProfile> Channels{Decimal(index)}() =>
            [
        {string.Concat(channels.Select(Channel))}    ];


        """;

    private static string Channel(ProfileChannelModel channel)
    {
        string type = channel.Direction == ProfileFileFormat.Directions[0] ? "Outbound" : "Inbound";
        string environment = ProfileFileFormat.Environments.IndexOf(channel.Environment) switch
        {
            0 => "Amss",
            1 => "SecondaryBootLoader",
            _ => "FlashProgrammer",
        };
        string burst = channel.Burst ? "Enabled" : "Disabled";
        return $"""
                    new({Decimal(channel.Number)}, {Literal(channel.Name)}, global::Mhi.Protocol.ChannelType.{type}, {Decimal(channel.Elements)}, {Decimal(channel.EventRing)}, global::Mhi.Protocol.ExecutionEnvironment.{environment}, global::Mhi.Protocol.BurstMode.{burst}),

            """;
    }

    private static string RingTable(EquatableArray<EventRingModel> rings, int index) =>
        $"""
            private static global::System.Collections.Immutable.ImmutableArray<global::Mhi.Profiles.EventRingProfile> EventRings{Decimal(index)}() =>
            [
        {string.Concat(rings.Select(Ring))}    ];

        """;

    private static string Ring(EventRingModel ring) =>
        $"""
                new({Decimal(ring.Elements)}, {Decimal(ring.ModerationMs)}, {Literal(ring.Hardware)}, {Literal(ring.Control)}),

        """;
}
