using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Mhi.Generators.Tests.Infrastructure;

internal static class GeneratorRunResultExtensions
{
    public static string[] HintNames(this GeneratorRunResult result) =>
        [.. result.GeneratedSources.Select(source => source.HintName).Order(StringComparer.Ordinal)];

    /// <summary>Simple names of the generated channel classes, in the order of their entries.</summary>
    public static IEnumerable<string> ClassNames(this GeneratorRunResult result) => result.GeneratedSources
        .Select(source => source.HintName.Split('.')[^3])
        .Where(name => name != "ChannelTable");

    public static string Source(this GeneratorRunResult result, string hintName) =>
        result.GeneratedSources.Single(source => source.HintName == hintName).SourceText.ToString();

    public static string[] Ids(this GeneratorRunResult result) =>
        [.. result.Diagnostics.Select(diagnostic => diagnostic.Id)];
}
