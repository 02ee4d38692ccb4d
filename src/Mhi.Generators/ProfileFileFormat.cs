using System.Collections.Immutable;
using Mhi.Generators.Models;

namespace Mhi.Generators;

/// <summary>The words and limits of a profile file; <c>profile.schema.json</c> says the same to an editor.</summary>
internal static class ProfileFileFormat
{
    public const string Id = "id";
    public const string Description = "description";
    public const string Status = "status";
    public const string PciIds = "pciIds";
    public const string TimeoutMs = "timeoutMs";
    public const string ReadyTimeoutMs = "readyTimeoutMs";
    public const string DmaAddressBits = "dmaAddressBits";
    public const string VirtualFunctionDmaAddressBits = "virtualFunctionDmaAddressBits";
    public const string Mru = "mru";
    public const string BootImage = "bootImage";
    public const string EdlImage = "edlImage";
    public const string Channels = "channels";
    public const string EventRings = "eventRings";

    public const string Order = "order";
    public const string Vendor = "vendor";
    public const string Device = "device";
    public const string SubsystemVendor = "subsystemVendor";
    public const string SubsystemDevice = "subsystemDevice";
    public const string Label = "label";

    public const string Number = "number";
    public const string Name = "name";
    public const string Direction = "direction";
    public const string Elements = "elements";
    public const string EventRing = "eventRing";
    public const string Environment = "environment";
    public const string Burst = "burst";

    public const string ModerationMs = "moderationMs";
    public const string Hardware = "hardware";
    public const string Control = "control";

    public const int MaxIdLength = 63;

    /// <summary>An hour; what is longer is a mistake in the unit.</summary>
    public const int MaxTimeout = 3_600_000;

    /// <summary>Channel 127 is the device wake doorbell.</summary>
    public const int MaxChannelNumber = 126;

    /// <summary>What a 64 KiB ring holds.</summary>
    public const int MaxElements = 4096;

    /// <summary>Lengths, moderation times and the places of PCI IDs are 16 bits wide.</summary>
    public const int MaxWord = 0xffff;

    public static readonly ImmutableArray<string> Statuses = ImmutableArray.Create("baseline", "later");

    public static readonly ImmutableArray<string> Directions = ImmutableArray.Create("uplink", "downlink");

    public static readonly ImmutableArray<string> Environments = ImmutableArray.Create("amss", "sbl", "fp");

    /// <summary>The flags of a profile; the run-time enumeration has them under the same names in capitals.</summary>
    public static readonly ImmutableArray<string> Flags =
        ImmutableArray.Create("edlTrigger", "sidebandWake", "noM3", "resetOnRemove");

    public static readonly ImmutableArray<PropertyFormat> FileProperties = ImmutableArray.Create(
        new PropertyFormat("$schema", PropertyKind.Text),
        new PropertyFormat(Id, PropertyKind.Text, "the name of the profile, such as \"acme-m1\""),
        new PropertyFormat(Description, PropertyKind.Text),
        new PropertyFormat(Status, PropertyKind.Text),
        new PropertyFormat(PciIds, PropertyKind.Array, "[ { \"order\": 0, \"vendor\": \"0x17cb\", \"device\": \"0x0308\" } ]"),
        new PropertyFormat(TimeoutMs, PropertyKind.Number, "the time-out in milliseconds, such as 20000"),
        new PropertyFormat(ReadyTimeoutMs, PropertyKind.Number),
        new PropertyFormat(DmaAddressBits, PropertyKind.Number, "the width of the device's bus addresses, such as 32"),
        new PropertyFormat(VirtualFunctionDmaAddressBits, PropertyKind.Number),
        new PropertyFormat(Mru, PropertyKind.Number),
        new PropertyFormat(BootImage, PropertyKind.Text),
        new PropertyFormat(EdlImage, PropertyKind.Text),
        new PropertyFormat(Flags[0], PropertyKind.Boolean),
        new PropertyFormat(Flags[1], PropertyKind.Boolean),
        new PropertyFormat(Flags[2], PropertyKind.Boolean),
        new PropertyFormat(Flags[3], PropertyKind.Boolean),
        new PropertyFormat(Channels, PropertyKind.Array, "the channel table"),
        new PropertyFormat(EventRings, PropertyKind.Array, "the event rings, such as [ { \"elements\": 128, \"control\": true } ]"));

    public static readonly ImmutableArray<PropertyFormat> PciIdProperties = ImmutableArray.Create(
        new PropertyFormat(Order, PropertyKind.Number, "its place in match order, such as 100"),
        new PropertyFormat(Vendor, PropertyKind.Text, "the vendor number, such as \"0x17cb\""),
        new PropertyFormat(Device, PropertyKind.Text, "the device number, such as \"0x0308\""),
        new PropertyFormat(SubsystemVendor, PropertyKind.Text),
        new PropertyFormat(SubsystemDevice, PropertyKind.Text),
        new PropertyFormat(Label, PropertyKind.Text));

    public static readonly ImmutableArray<PropertyFormat> ChannelProperties = ImmutableArray.Create(
        new PropertyFormat(Number, PropertyKind.Number, "the channel number, such as 32"),
        new PropertyFormat(Name, PropertyKind.Text, "the channel name, such as \"DUN\""),
        new PropertyFormat(Direction, PropertyKind.Text, "\"uplink\" or \"downlink\""),
        new PropertyFormat(Elements, PropertyKind.Number, "the elements of the transfer ring, such as 32"),
        new PropertyFormat(EventRing, PropertyKind.Number, "the index of its event ring, such as 0"),
        new PropertyFormat(Environment, PropertyKind.Text),
        new PropertyFormat(Burst, PropertyKind.Boolean));

    public static readonly ImmutableArray<PropertyFormat> EventRingProperties = ImmutableArray.Create(
        new PropertyFormat(Elements, PropertyKind.Number, "the elements of the ring, such as 128"),
        new PropertyFormat(ModerationMs, PropertyKind.Number),
        new PropertyFormat(Hardware, PropertyKind.Boolean),
        new PropertyFormat(Control, PropertyKind.Boolean));
}
