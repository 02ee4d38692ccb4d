extern alias Interleavings;

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Xunit;

namespace Mhi.Runtime.Tests.JitOnly;

/// <summary>
/// The table in docs/uci.md is made from the tests. After a change, run this test with <c>MHI_DOCS</c> naming the docs folder,
/// and read the difference.
/// </summary>
public class UciDocumentTests
{
    private const int Clauses = 120;
    private const string Begin = "<!-- made from the tests: begin -->";
    private const string End = "<!-- made from the tests: end -->";

    [Fact]
    public void Table_IsWhatTheTestsSay()
    {
        string table = MakeTable();
        if (Environment.GetEnvironmentVariable("MHI_DOCS") is { Length: > 0 } folder)
        {
            string path = Path.Combine(folder, "uci.md");
            File.WriteAllText(path, Replace(File.ReadAllText(path), table));
        }

        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "uci.md"));
        Assert.Equal(Replace(text, table), text);
    }

    [Fact]
    public void EveryClause_HasATest()
    {
        HashSet<int> tested = [.. Rows().Select(row => row.Clause.Number)];
        Assert.Empty(Enumerable.Range(1, Clauses).Where(number => !tested.Contains(number)).Select(number => $"UCI-{number:000}"));
    }

    private static string Replace(string text, string table)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end > begin, "docs/uci.md has lost the marks around its table");
        return string.Concat(text.AsSpan(0, begin), "\n", table, text.AsSpan(end));
    }

    private static string MakeTable()
    {
        var table = new StringBuilder("\n| Clause | Requirement | State | Tests |\n| --- | --- | --- | --- |\n");
        foreach (var clause in Rows().GroupBy(row => row.Clause.Number).OrderBy(group => group.Key))
        {
            string requirement = clause.First().Clause.Requirement;
            string? departure = clause.Select(row => row.Clause.Departure).FirstOrDefault(text => text is not null);
            string state = departure is null ? "tested" : $"better: {departure}";
            string tests = string.Join(", ", clause.Select(row => $"`{row.Test}`").Distinct().Order(StringComparer.Ordinal));
            _ = table.Append(CultureInfo.InvariantCulture, $"| UCI-{clause.Key:000} | {requirement} | {state} | {tests} |\n");
        }

        return table.Append('\n').ToString();
    }

    private static IEnumerable<(UciClauseAttribute Clause, string Test)> Rows() =>
        from type in typeof(UciDocumentTests).Assembly.GetTypes().Concat(typeof(Interleavings::Mhi.Interleavings.Scenarios.LockOrderTests).Assembly.GetTypes())
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        from data in method.GetCustomAttributesData()
        where data.AttributeType.FullName == typeof(UciClauseAttribute).FullName
        select (Clause(data), $"{type.Name}.{method.Name}");

    // Read as data: each assembly has its own copy of the attribute.
    private static UciClauseAttribute Clause(CustomAttributeData data) => new((int)data.ConstructorArguments[0].Value!, (string)data.ConstructorArguments[1].Value!)
    {
        Departure = (string?)data.NamedArguments.FirstOrDefault().TypedValue.Value,
    };
}
