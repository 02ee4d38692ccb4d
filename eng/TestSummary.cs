// Adds up what the tests left behind and prints the count as the last line.
//   dotnet run eng/TestSummary.cs -- RESULTS-FOLDER EXIT-CODE-OF-DOTNET-TEST EXIT-CODE-OF-NATIVE-TESTS
//   dotnet run eng/TestSummary.cs -- RESULTS-FOLDER EXIT-CODE-OF-DOTNET-TEST jit
//   dotnet run eng/TestSummary.cs -- RESULTS-FOLDER EXIT-CODE-OF-DOTNET-TEST only PROJECT
#:property PublishAot=false
#:property TargetFramework=net10.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

string folder = args[0];
int passed = 0;
int failed = 0;
int skipped = 0;
int faults = 0;

// Results per test method; the rows of a theory fall together, since only their number can be compared.
var managed = new Dictionary<string, int>(StringComparer.Ordinal);
var native = new Dictionary<string, int>(StringComparer.Ordinal);

string? onlyProject = args[2] == "only" ? args[3] : null;
foreach (string project in TestProjects().Where(project => onlyProject is null || project == onlyProject))
{
    string path = Path.Combine(folder, project + ".trx");
    XElement[] results = File.Exists(path)
        ? [.. XDocument.Load(path).Descendants().Where(element => element.Name.LocalName == "UnitTestResult")]
        : [];
    if (results.Length == 0)
    {
        Fault($"{project} left no results: it did not build, has no tests, or stopped half way.");
    }

    foreach (XElement result in results)
    {
        string name = (string?)result.Attribute("testName") ?? string.Empty;
        Count(managed, name.Split('(')[0], (string?)result.Attribute("outcome") switch
        {
            "Passed" => "Passed",
            "NotExecuted" => "Skipped",
            _ => "Failed",
        });
    }
}

// A run that broke off fails even when no single test says so.
if (args[1] != "0" && failed + faults == 0)
{
    Fault($"'dotnet test' ended with status {args[1]}, although no test failed; its messages above say why.");
}

string nativeResults = Path.Combine(folder, "native.tsv");
bool wantsNative = args[2] is not ("only" or "jit");
bool hasNative = wantsNative && File.Exists(nativeResults);
if (wantsNative && !hasNative)
{
    Fault("The native tests left no results: they did not build, or stopped half way.");
}
else if (hasNative)
{
    foreach (string line in File.ReadLines(nativeResults))
    {
        string[] parts = line.Split('\t');
        Count(native, parts[1], parts[0]);
    }

    if (args[2] != "0" && failed + faults == 0)
    {
        Fault($"The native tests ended with status {args[2]}, although no test failed; their messages above say why.");
    }
}

// Every class that ran natively must have run the same tests, the same number of times, under the JIT.
HashSet<string> nativeClasses = [.. native.Keys.Select(ClassOf)];
foreach (string method in managed.Keys.Where(method => nativeClasses.Contains(ClassOf(method))).Union(native.Keys).Order(StringComparer.Ordinal))
{
    int expected = managed.GetValueOrDefault(method);
    int actual = native.GetValueOrDefault(method);
    if (expected != actual && hasNative)
    {
        Fault($"{method} ran {expected} times under the JIT, but {actual} times as native code.");
    }
}

failed += faults;
Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
return failed == 0 && passed > 0 ? 0 : 1;

void Count(Dictionary<string, int> runs, string method, string outcome)
{
    runs[method] = runs.GetValueOrDefault(method) + 1;
    switch (outcome)
    {
        case "Passed":
            passed++;
            break;
        case "Skipped":
            skipped++;
            break;
        default:
            failed++;
            break;
    }
}

void Fault(string text)
{
    Console.WriteLine(text);
    faults++;
}

static string ClassOf(string method) => method[..Math.Max(0, method.LastIndexOf('.'))];

static IEnumerable<string> TestProjects() =>
    Directory.EnumerateFiles("tests", "*.csproj", SearchOption.AllDirectories)
        .Where(path => File.ReadAllText(path).Contains("Microsoft.NET.Test.Sdk", StringComparison.Ordinal))
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);
