using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;

namespace Mhi.Generators.Validation;

/// <summary>Puts all profile files of a project together: one profile per property name, one match order for all PCI IDs.</summary>
internal static class ProfileResolver
{
    public static ProfileTableModel Resolve(
        ImmutableArray<ValidatedProfile> files, string? rootNamespace, CancellationToken cancellation)
    {
        ImmutableArray<ProfileModel>.Builder profiles = ImmutableArray.CreateBuilder<ProfileModel>();
        ImmutableArray<DiagnosticInfo>.Builder diagnostics = ImmutableArray.CreateBuilder<DiagnosticInfo>();
        Dictionary<string, string> fileByProperty = new(StringComparer.Ordinal);
        Dictionary<int, string> fileByOrder = [];
        List<(Located<PciIdModel> Id, string File)> accepted = [];
        HashSet<string> paths = new(StringComparer.Ordinal);

        // The order in which a project lists its files says nothing.
        foreach (ValidatedProfile file in files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!paths.Add(file.Path))
            {
                continue;
            }

            diagnostics.AddRange(file.Diagnostics);
            string name = Path.GetFileName(file.Path);
            if (file.Model is not { } model)
            {
                continue;
            }

            if (fileByProperty.TryGetValue(model.PropertyName, out string owner))
            {
                diagnostics.Add(DiagnosticInfo.Create(Descriptors.ProfileIdTaken, file.Id!.Place, owner, model.PropertyName));
                continue;
            }

            fileByProperty.Add(model.PropertyName, name);
            profiles.Add(model);
            foreach (Located<PciIdModel> id in file.PciIds)
            {
                if (fileByOrder.TryGetValue(id.Value.Order, out string taken))
                {
                    diagnostics.Add(DiagnosticInfo.Create(
                        Descriptors.PciOrderTaken, id.Place, ProfileValues.Decimal(id.Value.Order), taken));
                    continue;
                }

                fileByOrder.Add(id.Value.Order, name);
                accepted.Add((id, name));
            }
        }

        AddShadowed(accepted, diagnostics);
        return new ProfileTableModel(
            Namespaces.Default(rootNamespace) + ".Profiles",
            new EquatableArray<ProfileModel>(ImmutableArray.CreateRange(profiles.OrderBy(profile => profile.Id, StringComparer.Ordinal))),
            new EquatableArray<DiagnosticInfo>(diagnostics.ToImmutable()));
    }

    private static void AddShadowed(
        List<(Located<PciIdModel> Id, string File)> ids, ImmutableArray<DiagnosticInfo>.Builder diagnostics)
    {
        foreach ((Located<PciIdModel> id, _) in ids)
        {
            (Located<PciIdModel> first, string file) = ids.FirstOrDefault(
                other => other.Id.Value.Order < id.Value.Order && other.Id.Value.Covers(id.Value));
            if (first is not null)
            {
                diagnostics.Add(DiagnosticInfo.Create(
                    Descriptors.PciIdShadowed, id.Place, ProfileValues.Decimal(first.Value.Order), file));
            }
        }
    }
}
