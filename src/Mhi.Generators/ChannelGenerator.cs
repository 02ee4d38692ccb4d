using System.Linq;
using System.Text;
using Mhi.Generators.Models;
using Mhi.Generators.Parsing;
using Mhi.Generators.Validation;
using Mhi.Generators.Writing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Mhi.Generators;

/// <summary>
/// Makes a typed class of every channel in a project's channel files. The pipeline: choose the files, read, parse, validate
/// each alone, resolve them together, write. Positions end at the diagnostics, so moving text about in a file writes nothing
/// again; source code of the project is no input at all.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ChannelGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<string?> rootNamespace = GeneratorInput.RootNamespace(context);
        IncrementalValueProvider<GeneratedFiles> resolved = GeneratorInput
            .Texts(context, ChannelFileFilter.IsChannelFile, TrackingNames.ChannelFiles, TrackingNames.Text)
            .Select(ChannelFileParser.Parse)
            .WithTrackingName(TrackingNames.Parsed)
            .Combine(rootNamespace)
            .Select((pair, _) => ChannelFileValidator.Validate(pair.Left, pair.Right))
            .WithTrackingName(TrackingNames.Validated)
            .Collect()
            .Select(ProjectResolver.Resolve)
            .WithTrackingName(TrackingNames.Resolved);

        IncrementalValuesProvider<DiagnosticInfo> diagnostics = resolved
            .SelectMany((files, _) => files.Diagnostics.ToArray())
            .WithTrackingName(TrackingNames.Diagnostics);
        GeneratorInput.Report(context, diagnostics);

        IncrementalValuesProvider<ChannelModel> channels = resolved
            .SelectMany((files, _) => files.Channels.ToArray())
            .WithTrackingName(TrackingNames.Channels);
        context.RegisterSourceOutput(channels, (output, channel) =>
            AddSource(output, channel.Namespace, channel.ClassName, ChannelClassWriter.Write(channel)));

        IncrementalValuesProvider<TableModel> tables = resolved
            .SelectMany((files, _) => files.Tables.ToArray())
            .WithTrackingName(TrackingNames.Tables);
        context.RegisterSourceOutput(tables, (output, table) =>
            AddSource(output, table.Namespace, ChannelTableWriter.ClassName, ChannelTableWriter.Write(table)));
    }

    private static void AddSource(SourceProductionContext output, string name, string className, string source) =>
        output.AddSource($"{name}.{className}.g.cs", SourceText.From(source, Encoding.UTF8));
}
