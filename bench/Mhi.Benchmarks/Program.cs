using System.Collections.Generic;
using System.Linq;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Mhi.Benchmarks;

/// <summary>Runs what the command line selects; <c>--filter '*'</c> for all, <c>--help</c> for the rest.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        List<Summary> summaries = [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, BenchmarkSettings.Create())];

        // A benchmark that threw has no result; without this the process would still end well.
        return summaries.Any(static summary => summary.HasCriticalValidationErrors || summary.Reports.Any(static report => !report.Success)) ? 1 : 0;
    }
}
