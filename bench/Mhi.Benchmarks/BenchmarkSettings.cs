using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;

namespace Mhi.Benchmarks;

/// <summary>What every benchmark here has in common.</summary>
internal static class BenchmarkSettings
{
    public static IConfig Create() => ManualConfig.Create(DefaultConfig.Instance)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddExporter(JsonExporter.FullCompressed)
        // Would print local paths, and repeat what the environment block says.
        .HideColumns("Arguments", "Toolchain", "Job")
        .HideColumns(Column.RatioSD, Column.AllocRatio, Column.StdDev, Column.Median);
}
