using System;
using System.IO;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Mhi.Generators;

/// <summary>Says which additional files are profile files, from their path and project metadata alone.</summary>
internal static class ProfileFileFilter
{
    private const string Metadata = "build_metadata.AdditionalFiles.MhiProfile";
    private const string Folder = "profiles";
    private const string Extension = ".json";
    private const string SchemaExtension = ".schema.json";

    /// <summary>Metadata decides when the project sets it, in either direction; otherwise the folder does.</summary>
    public static bool IsProfileFile(AdditionalText file, AnalyzerConfigOptionsProvider options)
    {
        if (options.GetOptions(file).TryGetValue(Metadata, out string? marked) && marked.Length > 0)
        {
            return marked.Equals("true", StringComparison.OrdinalIgnoreCase);
        }

        return Path.GetFileName(Path.GetDirectoryName(file.Path)) is { } folder
            && folder.Equals(Folder, StringComparison.OrdinalIgnoreCase)
            && file.Path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)
            && !file.Path.EndsWith(SchemaExtension, StringComparison.OrdinalIgnoreCase)
            && !ChannelFileFilter.IsChannelFile(file, options);
    }
}
