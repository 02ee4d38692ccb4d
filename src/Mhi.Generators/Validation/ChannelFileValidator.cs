using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Validation;

/// <summary>
/// Gives the parsed values their meaning. An entry with a usable name and MTU becomes a channel whatever else is wrong in
/// it: a mistake in a tuning property should not add "type not found" wherever the program uses the class.
/// </summary>
internal sealed class ChannelFileValidator
{
    private readonly ImmutableArray<DiagnosticInfo>.Builder _diagnostics = ImmutableArray.CreateBuilder<DiagnosticInfo>();
    private readonly ImmutableArray<ChannelModel>.Builder _channels = ImmutableArray.CreateBuilder<ChannelModel>();
    private readonly TakenNames _taken = new();
    private readonly ParsedFile _file;
    private readonly string _fileName;
    private readonly string _namespace;
    private readonly string _accessibility;
    private readonly bool _namespaceIsIntended;

    private ChannelFileValidator(ParsedFile file, string? rootNamespace)
    {
        _file = file;
        _fileName = Path.GetFileName(file.Path);
        _diagnostics.AddRange(file.Diagnostics);
        bool namespaceIsValid = file.Namespace is not null && Namespaces.IsValid(file.Namespace.Value);
        if (file.Namespace is not null && !namespaceIsValid)
        {
            Report(Descriptors.NamespaceInvalid, file.Namespace.Place, file.Namespace.Value);
        }

        _namespace = namespaceIsValid ? file.Namespace!.Value : Namespaces.Default(rootNamespace);
        _namespaceIsIntended = namespaceIsValid || (file.Namespace is null && file.Complete);
        int accessibility = Choice(file.Accessibility, ChannelFileFormat.Accessibilities, Descriptors.UnknownAccessibility);
        _accessibility = ChannelFileFormat.Accessibilities[accessibility];
    }

    public static ValidatedFile Validate(ParsedFile file, string? rootNamespace) =>
        new ChannelFileValidator(file, rootNamespace).Validate();

    private ValidatedFile Validate()
    {
        for (int i = 0; i < _file.Channels.Count; i++)
        {
            if (i == ChannelFileFormat.MaxChannels)
            {
                Report(
                    Descriptors.TooManyChannels, _file.Channels[i].Start, Number(i + 1), Number(ChannelFileFormat.MaxChannels));
                break;
            }

            AddChannel(_file.Channels[i]);
        }

        return new ValidatedFile(
            _file.Path,
            new TableModel(_fileName, _namespace, _accessibility, new EquatableArray<ChannelModel>(_channels.ToImmutable())),
            _file.Namespace?.Place ?? _file.Start,
            _namespaceIsIntended,
            new EquatableArray<DiagnosticInfo>(_diagnostics.ToImmutable()));
    }

    private void AddChannel(ParsedChannel entry)
    {
        string? className = entry.Name is null ? null : ClaimName(entry.Name);
        int? mtu = entry.Mtu is null ? null : Mtu(entry.Mtu);
        ChannelDirections directions = (ChannelDirections)Choice(
            entry.Direction, ChannelFileFormat.Directions, Descriptors.UnknownDirection);
        WritePolicy policy = (WritePolicy)Choice(
            entry.WritePolicy, ChannelFileFormat.WritePolicies, Descriptors.UnknownWritePolicy);
        int poolDepth = entry.PoolDepth is null ? 0 : PoolDepth(entry.PoolDepth);
        ReportWithoutEffect(entry, directions);

        if (className is not null && mtu is not null)
        {
            _channels.Add(new ChannelModel(
                _fileName,
                _namespace,
                _accessibility,
                className,
                entry.Name!.Value,
                mtu.Value,
                directions,
                poolDepth,
                entry.DeliverEmptyPackets?.Value ?? false,
                policy,
                entry.Description?.Value ?? string.Empty));
        }
    }

    private string? ClaimName(Located<string> name)
    {
        DiagnosticInfo? fault = ChannelNames.Check(name);
        string className = fault is null ? ChannelNames.ClassName(name.Value) : string.Empty;
        fault ??= _taken.Claim(name, className);
        if (fault is null)
        {
            return className;
        }

        _diagnostics.Add(fault);
        return null;
    }

    private int? Mtu(Located<string> mtu)
    {
        if (!MtuText.TryParse(mtu.Value, out long value))
        {
            Report(Descriptors.MtuInvalid, mtu.Place, mtu.Value);
            return null;
        }

        if (value <= 0)
        {
            Report(Descriptors.MtuNotPositive, mtu.Place, mtu.Value);
            return null;
        }

        if (value > ChannelFileFormat.MaxMtu)
        {
            Report(Descriptors.MtuClamped, mtu.Place, mtu.Value);
            return ChannelFileFormat.MaxMtu;
        }

        return (int)value;
    }

    private int PoolDepth(Located<string> depth)
    {
        if (int.TryParse(depth.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value is >= 1 and <= ChannelFileFormat.MaxPoolDepth)
        {
            return value;
        }

        Report(Descriptors.PoolDepthOutOfRange, depth.Place, Number(ChannelFileFormat.MaxPoolDepth), depth.Value);
        return 0;
    }

    private void ReportWithoutEffect(ParsedChannel entry, ChannelDirections directions)
    {
        string only = ChannelFileFormat.Directions[(int)directions];
        if (directions == ChannelDirections.Uplink && entry.DeliverEmptyPackets is { } empty)
        {
            Report(Descriptors.NoEffect, empty.Place, ChannelFileFormat.DeliverEmptyPackets, only, "downlink");
        }

        if (directions == ChannelDirections.Downlink && entry.WritePolicy is { } policy)
        {
            Report(Descriptors.NoEffect, policy.Place, ChannelFileFormat.WritePolicy, only, "uplink");
        }
    }

    /// <summary>Index of the word among the known ones; the first, which is the default, when it is absent or unknown.</summary>
    private int Choice(Located<string>? word, ImmutableArray<string> known, DiagnosticDescriptor unknown)
    {
        if (word is null)
        {
            return 0;
        }

        int index = known.IndexOf(word.Value);
        if (index < 0)
        {
            Report(unknown, word.Place, word.Value, Suggestions.For(word.Value, known));
        }

        return index < 0 ? 0 : index;
    }

    private void Report(DiagnosticDescriptor descriptor, SourcePlace place, params string[] arguments) =>
        _diagnostics.Add(DiagnosticInfo.Create(descriptor, place, arguments));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
