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
/// Compiles a project's profile files into one class. The pipeline has the stages of <see cref="ChannelGenerator"/>; the last
/// one drops all positions, so moving text about in a file writes nothing again.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProfileGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<string?> rootNamespace = GeneratorInput.RootNamespace(context);
        IncrementalValueProvider<ProfileTableModel> resolved = GeneratorInput
            .Texts(context, ProfileFileFilter.IsProfileFile, TrackingNames.ProfileFiles, TrackingNames.ProfileTexts)
            .Select(ProfileFileParser.Parse)
            .WithTrackingName(TrackingNames.ParsedProfiles)
            .Select((profile, _) => ProfileFileValidator.Validate(profile))
            .WithTrackingName(TrackingNames.ValidatedProfiles)
            .Collect()
            .Combine(rootNamespace)
            .Select((pair, cancellation) => ProfileResolver.Resolve(pair.Left, pair.Right, cancellation))
            .WithTrackingName(TrackingNames.ResolvedProfiles);

        IncrementalValuesProvider<DiagnosticInfo> diagnostics = resolved
            .SelectMany((table, _) => table.Diagnostics.ToArray())
            .WithTrackingName(TrackingNames.ProfileDiagnostics);
        GeneratorInput.Report(context, diagnostics);

        IncrementalValuesProvider<ProfileTableModel> tables = resolved
            .SelectMany((table, _) => table.Profiles.Count == 0
                ? []
                : new[] { table with { Diagnostics = default } })
            .WithTrackingName(TrackingNames.ProfileTable);
        context.RegisterSourceOutput(tables, (output, table) => output.AddSource(
            $"{table.Namespace}.{ProfileTableWriter.ClassName}.g.cs",
            SourceText.From(ProfileTableWriter.Write(table), Encoding.UTF8)));
    }
}
