using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Models;

namespace Mhi.Generators.Validation;

/// <summary>Puts all channel files of a project together: one table per namespace, one class per name in it.</summary>
internal static class ProjectResolver
{
    public static GeneratedFiles Resolve(ImmutableArray<ValidatedFile> files, CancellationToken cancellation)
    {
        ImmutableArray<TableModel>.Builder tables = ImmutableArray.CreateBuilder<TableModel>();
        ImmutableArray<ChannelModel>.Builder channels = ImmutableArray.CreateBuilder<ChannelModel>();
        ImmutableArray<DiagnosticInfo>.Builder diagnostics = ImmutableArray.CreateBuilder<DiagnosticInfo>();

        // Case does not count: names of generated files do not tell upper from lower case.
        Dictionary<string, ValidatedFile> ownerByNamespace = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> classes = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> paths = new(StringComparer.Ordinal);

        foreach (ValidatedFile file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!paths.Add(file.Path))
            {
                // The project lists the file twice, which says nothing new.
                continue;
            }

            diagnostics.AddRange(file.Diagnostics);
            if (!ownerByNamespace.TryGetValue(file.Table.Namespace, out ValidatedFile owner))
            {
                ownerByNamespace.Add(file.Table.Namespace, file);
                tables.Add(file.Table);
            }
            else if (file.NamespaceIsIntended && owner.NamespaceIsIntended)
            {
                diagnostics.Add(DiagnosticInfo.Create(
                    Descriptors.NamespaceTaken, file.NamespacePlace, owner.Path, file.Table.Namespace));
            }

            channels.AddRange(file.Table.Channels.Where(channel => classes.Add(channel.FullName)));
        }

        return new GeneratedFiles(
            new EquatableArray<TableModel>(tables.ToImmutable()),
            new EquatableArray<ChannelModel>(channels.ToImmutable()),
            new EquatableArray<DiagnosticInfo>(diagnostics.ToImmutable()));
    }
}
