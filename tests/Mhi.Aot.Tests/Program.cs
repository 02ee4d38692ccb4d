using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;

namespace Mhi.Aot.Tests;

/// <summary>Runs every test of this assembly, one after the other, and says what came of it.</summary>
internal static class Program
{
    private const string Usage = "Usage: Mhi.Aot.Tests [--quick] [--only PART-OF-CLASS-NAME] [--results FILE]";

    private static int Main(string[] arguments)
    {
        bool quick = false;
        string only = "";
        string? resultsPath = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--only" when i + 1 < arguments.Length:
                    only = arguments[++i];
                    break;
                case "--results" when i + 1 < arguments.Length:
                    resultsPath = arguments[++i];
                    break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }
        }

        var results = new List<TestResult>();
        foreach (TestCase test in TestDiscovery.Find(Assembly.GetExecutingAssembly(), quick, only))
        {
            TestResult result = TestRunner.Run(test);
            results.Add(result);
            if (result.Outcome == TestOutcome.Failed)
            {
                Console.WriteLine($"failed {result.Test.DisplayName}");
                Console.WriteLine(result.Details);
            }
        }

        if (resultsPath is not null)
        {
            File.WriteAllLines(resultsPath, results.ConvertAll(result => $"{result.Outcome}\t{result.Test.FullName}"));
        }

        int Count(TestOutcome outcome) => results.FindAll(result => result.Outcome == outcome).Count;
        int failed = Count(TestOutcome.Failed);
        Console.WriteLine($"aot: {Count(TestOutcome.Passed)} passed, {failed} failed, {Count(TestOutcome.Skipped)} skipped");
        return failed == 0 && results.Count > 0 ? 0 : 1;
    }
}
