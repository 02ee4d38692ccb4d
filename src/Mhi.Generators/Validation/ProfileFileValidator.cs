using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;

namespace Mhi.Generators.Validation;

/// <summary>
/// Makes a profile of the parsed values. A file with any mistake makes none: half a channel table would drive a device wrong.
/// </summary>
internal sealed class ProfileFileValidator
{
    private readonly ParsedProfile _file;
    private readonly ProfileValues _values;

    private ProfileFileValidator(ParsedProfile file)
    {
        _file = file;
        _values = new ProfileValues(file.Diagnostics);
    }

    public static ValidatedProfile Validate(ParsedProfile file) => new ProfileFileValidator(file).Validate();

    private ValidatedProfile Validate()
    {
        Located<string>? id = Id();
        ImmutableArray<Located<PciIdModel>> pciIds = PciIds();
        ImmutableArray<EventRingModel> rings = EventRings();
        ImmutableArray<ProfileChannelModel> channels = Channels(rings.Length);
        ParsedObject file = _file.File;
        string status = _values.Word(file, ProfileFileFormat.Status, ProfileFileFormat.Statuses);
        int timeout = _values.Number(file, ProfileFileFormat.TimeoutMs, 1, ProfileFileFormat.MaxTimeout);
        int bits = _values.Number(file, ProfileFileFormat.DmaAddressBits, 32, 64, 32);
        ProfileModel model = new(
            id?.Value ?? string.Empty,
            ProfileIds.PropertyName(id?.Value ?? string.Empty),
            ProfileValues.Text(file, ProfileFileFormat.Description) ?? string.Empty,
            new EquatableArray<PciIdModel>(ImmutableArray.CreateRange(pciIds.Select(pciId => pciId.Value))),
            timeout,
            _values.Number(file, ProfileFileFormat.ReadyTimeoutMs, 1, ProfileFileFormat.MaxTimeout, timeout),
            bits,
            _values.Number(file, ProfileFileFormat.VirtualFunctionDmaAddressBits, 32, 64, bits),
            _values.Number(file, ProfileFileFormat.Mru, 1, ProfileFileFormat.MaxWord),
            ProfileValues.Text(file, ProfileFileFormat.BootImage),
            ProfileValues.Text(file, ProfileFileFormat.EdlImage),
            new EquatableArray<string>(Flags(status)),
            new EquatableArray<ProfileChannelModel>(channels),
            new EquatableArray<EventRingModel>(rings));
        return new ValidatedProfile(
            _file.Path,
            id,
            new EquatableArray<Located<PciIdModel>>(pciIds),
            _values.Good ? model : null,
            _values.Diagnostics);
    }

    private Located<string>? Id()
    {
        Located<string>? id = _file.File[ProfileFileFormat.Id];
        if (id is null || ProfileIds.IsValid(id.Value))
        {
            return id;
        }

        _values.Report(Descriptors.ProfileIdInvalid, id.Place, id.Value);
        return null;
    }

    private ImmutableArray<string> Flags(string status)
    {
        IEnumerable<string> set = ProfileFileFormat.Flags
            .Where(flag => ProfileValues.Flag(_file.File, flag))
            .Select(flag => char.ToUpperInvariant(flag[0]) + flag.Substring(1));
        return ImmutableArray.CreateRange(status == ProfileFileFormat.Statuses[0] ? set : set.Concat(["LaterAddition"]));
    }

    private ImmutableArray<Located<PciIdModel>> PciIds()
    {
        ImmutableArray<Located<PciIdModel>>.Builder all = ImmutableArray.CreateBuilder<Located<PciIdModel>>();
        foreach (ParsedObject entry in _file.PciIds)
        {
            int order = _values.Number(entry, ProfileFileFormat.Order, 0, ProfileFileFormat.MaxWord);
            PciIdModel model = new(
                order,
                _values.PciNumber(entry, ProfileFileFormat.Vendor) ?? 0,
                _values.PciNumber(entry, ProfileFileFormat.Device) ?? 0,
                _values.PciNumber(entry, ProfileFileFormat.SubsystemVendor),
                _values.PciNumber(entry, ProfileFileFormat.SubsystemDevice),
                ProfileValues.Text(entry, ProfileFileFormat.Label) ?? string.Empty);
            all.Add(new Located<PciIdModel>(model, entry[ProfileFileFormat.Order]?.Place ?? entry.Start));
        }

        return all.ToImmutable();
    }

    private ImmutableArray<EventRingModel> EventRings()
    {
        ImmutableArray<EventRingModel>.Builder all = ImmutableArray.CreateBuilder<EventRingModel>();
        foreach (ParsedObject entry in _file.EventRings)
        {
            EventRingModel model = new(
                _values.Elements(entry),
                _values.Number(entry, ProfileFileFormat.ModerationMs, 0, ProfileFileFormat.MaxWord),
                ProfileValues.Flag(entry, ProfileFileFormat.Hardware),
                ProfileValues.Flag(entry, ProfileFileFormat.Control));
            if (all.Count == 0 && !model.Control)
            {
                _values.Report(Descriptors.ControlRingMissing, entry.Start);
            }

            all.Add(model);
        }

        return all.ToImmutable();
    }

    private ImmutableArray<ProfileChannelModel> Channels(int rings)
    {
        ImmutableArray<ProfileChannelModel>.Builder all = ImmutableArray.CreateBuilder<ProfileChannelModel>();
        Dictionary<int, int> lineByNumber = [];
        Dictionary<(string Name, string Direction), int> lineByName = [];
        foreach (ParsedObject entry in _file.Channels)
        {
            ProfileChannelModel model = new(
                _values.Number(entry, ProfileFileFormat.Number, 0, ProfileFileFormat.MaxChannelNumber, -1),
                entry[ProfileFileFormat.Name]?.Value ?? string.Empty,
                _values.Word(entry, ProfileFileFormat.Direction, ProfileFileFormat.Directions),
                _values.Elements(entry),
                _values.Number(entry, ProfileFileFormat.EventRing, 0, ProfileFileFormat.MaxWord),
                _values.Word(entry, ProfileFileFormat.Environment, ProfileFileFormat.Environments),
                ProfileValues.Flag(entry, ProfileFileFormat.Burst));
            all.Add(model);
            CheckName(entry, model, lineByName);
            CheckNumber(entry, model, lineByNumber);
            if (rings > 0 && model.EventRing >= rings && entry[ProfileFileFormat.EventRing] is { } ring)
            {
                _values.Report(Descriptors.EventRingMissing, ring.Place, ring.Value, ProfileValues.Decimal(rings));
            }
        }

        // The writers and the run-time type promise the order of the numbers.
        return ImmutableArray.CreateRange(all.OrderBy(channel => channel.Number));
    }

    private void CheckNumber(ParsedObject entry, ProfileChannelModel model, Dictionary<int, int> lineByNumber)
    {
        if (model.Number < 0 || entry[ProfileFileFormat.Number] is not { } number)
        {
            return;
        }

        if (lineByNumber.TryGetValue(model.Number, out int line))
        {
            _values.Report(Descriptors.ChannelNumberTaken, number.Place, number.Value, ProfileValues.Decimal(line));
            return;
        }

        lineByNumber.Add(model.Number, Line(number.Place));
    }

    private void CheckName(
        ParsedObject entry, ProfileChannelModel model, Dictionary<(string Name, string Direction), int> lineByName)
    {
        if (entry[ProfileFileFormat.Name] is not { } name)
        {
            return;
        }

        if (ChannelNames.Check(name) is { } fault)
        {
            _values.Report(fault);
        }
        else if (lineByName.TryGetValue((name.Value, model.Direction), out int line))
        {
            _values.Report(
                Descriptors.ChannelDirectionTaken, name.Place, model.Direction, name.Value, ProfileValues.Decimal(line));
        }
        else
        {
            lineByName.Add((name.Value, model.Direction), Line(name.Place));
        }
    }

    private static int Line(SourcePlace place) => place.Lines.Start.Line + 1;
}
