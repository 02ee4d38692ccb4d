using System;
using System.IO;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Mhi.Generators;

/// <summary>Says which additional files are channel files, from their path and project metadata alone.</summary>
internal static class ChannelFileFilter
{
    private const string Metadata = "build_metadata.AdditionalFiles.MhiChannels";
    private const string RootNamespaceProperty = "build_property.RootNamespace";

    /// <summary>Metadata decides when the project sets it, in either direction; otherwise the file name does.</summary>
    public static bool IsChannelFile(AdditionalText file, AnalyzerConfigOptionsProvider options)
    {
        if (options.GetOptions(file).TryGetValue(Metadata, out string? marked) && marked.Length > 0)
        {
            return marked.Equals("true", StringComparison.OrdinalIgnoreCase);
        }

        return Path.GetFileName(file.Path).Equals(ChannelFileFormat.FileName, StringComparison.OrdinalIgnoreCase);
    }

    public static string? RootNamespace(AnalyzerConfigOptionsProvider options) =>
        options.GlobalOptions.TryGetValue(RootNamespaceProperty, out string? value) ? value : null;
}
