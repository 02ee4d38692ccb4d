using System;
using Mhi.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Mhi.Generators;

/// <summary>The first and the last stage, which all generators of this project have alike.</summary>
internal static class GeneratorInput
{
    /// <summary>The root namespace of the project.</summary>
    /// <param name="context">The generator's context.</param>
    /// <returns>The namespace; null when the project has none.</returns>
    internal static IncrementalValueProvider<string?> RootNamespace(IncrementalGeneratorInitializationContext context) =>
        context.AnalyzerConfigOptionsProvider
            .Select((options, _) => ChannelFileFilter.RootNamespace(options))
            .WithTrackingName(TrackingNames.RootNamespace);

    /// <summary>The texts of the files that a generator reads.</summary>
    /// <param name="context">The generator's context.</param>
    /// <param name="isInput">Which files.</param>
    /// <param name="filesName">Tracking name of the choice.</param>
    /// <param name="textsName">Tracking name of the texts.</param>
    /// <returns>Path and text of each.</returns>
    internal static IncrementalValuesProvider<ChannelFileText> Texts(
        IncrementalGeneratorInitializationContext context,
        Func<AdditionalText, AnalyzerConfigOptionsProvider, bool> isInput,
        string filesName,
        string textsName) =>
        context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(pair => isInput(pair.Left, pair.Right))
            .Select((pair, _) => pair.Left)
            .WithTrackingName(filesName)
            .Select((file, cancellation) => new ChannelFileText(file.Path, file.GetText(cancellation)?.ToString()))
            .WithTrackingName(textsName);

    /// <summary>Has diagnostics reported.</summary>
    /// <param name="context">The generator's context.</param>
    /// <param name="diagnostics">The diagnostics.</param>
    internal static void Report(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<DiagnosticInfo> diagnostics) =>
        context.RegisterSourceOutput(diagnostics, (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
}
