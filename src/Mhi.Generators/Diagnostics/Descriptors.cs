using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Diagnostics;

/// <summary>Every diagnostic of the generators. The numbers are public: <c>docs/channels-json.md</c> and <c>docs/profiles.md</c>
/// explain them.</summary>
internal static class Descriptors
{
    private const string Category = "Mhi.Channels";
    private const string HelpPage = "docs/channels-json.md";
    private const string ProfileCategory = "Mhi.Profiles";
    private const string ProfileHelpPage = "docs/profiles.md";

    public static readonly DiagnosticDescriptor FileUnreadable = Error(
        "MHI0001",
        "File cannot be read",
        "'{0}' cannot be read. Check that the file exists and is text.");

    public static readonly DiagnosticDescriptor InvalidJson = Error(
        "MHI0002",
        "Channel file is not valid JSON",
        "The JSON is broken here: {0} Entries complete before this place are used; correct it to get the rest.");

    public static readonly DiagnosticDescriptor WrongType = Error(
        "MHI0003",
        "Wrong JSON type",
        "{0} must be {1}, not {2}");

    public static readonly DiagnosticDescriptor UnknownProperty = Error(
        "MHI0004",
        "Unknown property",
        "There is no property '{0}' here. {1}");

    public static readonly DiagnosticDescriptor DuplicateProperty = Error(
        "MHI0005",
        "Property given twice",
        "'{0}' is given twice in this object and the first one counts. Remove one.");

    public static readonly DiagnosticDescriptor ChannelsMissing = Error(
        "MHI0006",
        "No channels array",
        "The file has no 'channels'. Add \"channels\": [ { \"name\": \"LOOPBACK\", \"mtu\": \"0x1000\" } ].");

    public static readonly DiagnosticDescriptor ChannelsEmpty = Error(
        "MHI0007",
        "Empty channels array",
        "'channels' has no entry. Add one such as { \"name\": \"LOOPBACK\", \"mtu\": \"0x1000\" }.");

    public static readonly DiagnosticDescriptor TooManyChannels = Error(
        "MHI0008",
        "Too many channels",
        "This is entry {0}, but a table holds at most {1}. Remove this one and those after it, or move them to another program.");

    public static readonly DiagnosticDescriptor PropertyMissing = Error(
        "MHI0009",
        "Required property is missing",
        "The entry has no '{0}'. Add {1}.");

    public static readonly DiagnosticDescriptor NameEmpty = Error(
        "MHI0010",
        "Empty channel name",
        "The channel name is empty. Write the name of the device's channel table, such as \"LOOPBACK\".");

    public static readonly DiagnosticDescriptor NameNotNode = Error(
        "MHI0011",
        "Channel name makes no device node",
        "The channel name '{0}' makes no device node: {1}. Write the name exactly as the device's channel table has it.");

    public static readonly DiagnosticDescriptor NameTooLong = Error(
        "MHI0012",
        "Channel name is too long",
        "The channel name has {0} characters, but MHI allows {1}. Shorten it to the name the device's channel table has.");

    public static readonly DiagnosticDescriptor NameNotIdentifier = Error(
        "MHI0013",
        "Channel name makes no class name",
        "The channel name '{0}' makes no class name: {1}");

    public static readonly DiagnosticDescriptor DuplicateName = Error(
        "MHI0014",
        "Duplicate channel name",
        "'{0}' is already in the table, at line {1}. Remove one of the two.");

    public static readonly DiagnosticDescriptor ClassNameTaken = Error(
        "MHI0015",
        "Two channel names make one class name",
        "'{0}' makes the class name '{1}', which '{2}' already makes (case does not tell them apart). "
        + "Keep one of the two here and move the other to a channel file with its own namespace.");

    public static readonly DiagnosticDescriptor MtuInvalid = Error(
        "MHI0016",
        "MTU is not a whole number",
        "The MTU '{0}' is not a whole number. Write decimal digits such as 4096, or a string such as \"0x1000\".");

    public static readonly DiagnosticDescriptor MtuNotPositive = Error(
        "MHI0017",
        "MTU is not positive",
        "The MTU must be at least 1 and is {0}. Write the largest transfer in bytes, such as \"0x1000\".");

    public static readonly DiagnosticDescriptor MtuClamped = Warning(
        "MHI0018",
        "MTU is clamped",
        "The MTU '{0}' is more than a transfer element can say and is clamped to 0xffff. Write \"0xffff\" or less.");

    public static readonly DiagnosticDescriptor PoolDepthOutOfRange = Error(
        "MHI0019",
        "Pool depth out of range",
        "The pool depth must be a whole number from 1 to {0}, not {1}. "
        + "Leave it out to take as many buffers as the transfer ring has descriptors.");

    public static readonly DiagnosticDescriptor UnknownDirection = Error(
        "MHI0020",
        "Unknown direction",
        "There is no direction '{0}'. {1}");

    public static readonly DiagnosticDescriptor UnknownWritePolicy = Error(
        "MHI0021",
        "Unknown write policy",
        "There is no write policy '{0}'. {1}");

    public static readonly DiagnosticDescriptor NamespaceInvalid = Error(
        "MHI0022",
        "Namespace is not valid",
        "'{0}' is no C# namespace. Write identifiers joined by dots, such as \"Acme.Modem\", none of them a C# keyword.");

    public static readonly DiagnosticDescriptor UnknownAccessibility = Error(
        "MHI0023",
        "Unknown accessibility",
        "There is no accessibility '{0}' for generated classes. {1}");

    public static readonly DiagnosticDescriptor NamespaceTaken = Error(
        "MHI0024",
        "Two channel files share a namespace",
        "'{0}' already generates into the namespace '{1}', and a namespace has one table. "
        + "Give this file a \"namespace\" of its own.");

    public static readonly DiagnosticDescriptor NoEffect = Warning(
        "MHI0025",
        "Property has no effect",
        "'{0}' has no effect on a channel that is {1} only. Remove it, or set \"direction\" to \"{2}\" or \"both\".");

    public static readonly DiagnosticDescriptor InvalidProfileJson = ProfileError(
        "MHI0026",
        "Profile file is not valid JSON",
        "The JSON is broken here: {0} There is no such profile until it is corrected.");

    public static readonly DiagnosticDescriptor ProfilePropertyMissing = ProfileError(
        "MHI0027",
        "Required property of a profile is missing",
        "There is no '{0}' here. Add {1}.");

    public static readonly DiagnosticDescriptor ProfileArrayEmpty = ProfileError(
        "MHI0028",
        "Empty array in a profile",
        "'{0}' has no entry, but a device has at least one. Add it.");

    public static readonly DiagnosticDescriptor ProfileIdInvalid = ProfileError(
        "MHI0029",
        "Profile id is not valid",
        "'{0}' is no name of a profile. Write words of small letters and digits joined by hyphens, at most 63 characters, such as \"foxconn-t99w175\".");

    public static readonly DiagnosticDescriptor ProfileIdTaken = ProfileError(
        "MHI0030",
        "Two profiles share an id",
        "'{0}' already makes the property {1}. Give this profile another id, or remove one of the files.");

    public static readonly DiagnosticDescriptor ProfileNumberInvalid = ProfileError(
        "MHI0031",
        "Number out of range",
        "'{0}' must be {1}, not {2}");

    public static readonly DiagnosticDescriptor PciNumberInvalid = ProfileError(
        "MHI0032",
        "PCI number is not valid",
        "'{0}' must be a string of 0x and four hexadecimal digits, such as \"0x17cb\", not '{1}'");

    public static readonly DiagnosticDescriptor ProfileWordUnknown = ProfileError(
        "MHI0033",
        "Unknown word in a profile",
        "There is no {0} '{1}'. {2}");

    public static readonly DiagnosticDescriptor ChannelNumberTaken = ProfileError(
        "MHI0034",
        "Channel number given twice",
        "Channel {0} is already in the table, at line {1}. Remove one of the two.");

    public static readonly DiagnosticDescriptor ChannelDirectionTaken = ProfileError(
        "MHI0035",
        "Channel name and direction given twice",
        "The {0} of '{1}' is already in the table, at line {2}. A name has one channel in each direction.");

    public static readonly DiagnosticDescriptor EventRingMissing = ProfileError(
        "MHI0036",
        "No such event ring",
        "There is no event ring {0}; the profile has {1}, counted from 0. Write the index of one, or add it to 'eventRings'.");

    public static readonly DiagnosticDescriptor ControlRingMissing = ProfileError(
        "MHI0037",
        "Event ring 0 carries no control events",
        "Event ring 0 must carry control events. Add \"control\": true to it.");

    public static readonly DiagnosticDescriptor PciOrderTaken = ProfileError(
        "MHI0038",
        "Place in match order given twice",
        "Place {0} is already taken, in '{1}'. Give this PCI ID another place.");

    public static readonly DiagnosticDescriptor PciIdShadowed = ProfileWarning(
        "MHI0039",
        "PCI ID is never matched",
        "The PCI ID at place {0}, in '{1}', matches every function this one does and comes first. Give this one a smaller 'order', or remove it.");

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        FileUnreadable,
        InvalidJson,
        WrongType,
        UnknownProperty,
        DuplicateProperty,
        ChannelsMissing,
        ChannelsEmpty,
        TooManyChannels,
        PropertyMissing,
        NameEmpty,
        NameNotNode,
        NameTooLong,
        NameNotIdentifier,
        DuplicateName,
        ClassNameTaken,
        MtuInvalid,
        MtuNotPositive,
        MtuClamped,
        PoolDepthOutOfRange,
        UnknownDirection,
        UnknownWritePolicy,
        NamespaceInvalid,
        UnknownAccessibility,
        NamespaceTaken,
        NoEffect,
        InvalidProfileJson,
        ProfilePropertyMissing,
        ProfileArrayEmpty,
        ProfileIdInvalid,
        ProfileIdTaken,
        ProfileNumberInvalid,
        PciNumberInvalid,
        ProfileWordUnknown,
        ChannelNumberTaken,
        ChannelDirectionTaken,
        EventRingMissing,
        ControlRingMissing,
        PciOrderTaken,
        PciIdShadowed);

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Create(id, title, message, Category, HelpPage, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Create(id, title, message, Category, HelpPage, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor ProfileError(string id, string title, string message) =>
        Create(id, title, message, ProfileCategory, ProfileHelpPage, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor ProfileWarning(string id, string title, string message) =>
        Create(id, title, message, ProfileCategory, ProfileHelpPage, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Create(
        string id, string title, string message, string category, string page, DiagnosticSeverity severity) =>
        new(id, title, message, category, severity, isEnabledByDefault: true, helpLinkUri: $"{page}#{id.ToLowerInvariant()}");
}
