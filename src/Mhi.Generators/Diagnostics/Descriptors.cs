using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Diagnostics;

/// <summary>Every diagnostic of the generator. The numbers are public: <c>docs/channels-json.md</c> explains each.</summary>
internal static class Descriptors
{
    private const string Category = "Mhi.Channels";
    private const string HelpPage = "docs/channels-json.md";

    public static readonly DiagnosticDescriptor FileUnreadable = Error(
        "MHI0001",
        "Channel file cannot be read",
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
        NoEffect);

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Error);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        Create(id, title, message, DiagnosticSeverity.Warning);

    private static DiagnosticDescriptor Create(string id, string title, string message, DiagnosticSeverity severity) =>
        new(id, title, message, Category, severity, isEnabledByDefault: true, helpLinkUri: $"{HelpPage}#{id.ToLowerInvariant()}");
}
