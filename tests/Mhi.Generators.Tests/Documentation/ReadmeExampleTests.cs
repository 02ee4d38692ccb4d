using System;
using System.IO;
using System.Reflection;
using Xunit;

namespace Mhi.Generators.Tests.Documentation;

/// <summary>What the README offers to paste is the sample that the build compiles, and it prints what the README says.</summary>
public class ReadmeExampleTests
{
    [Theory]
    [InlineData("json", "channels.json")]
    [InlineData("csharp", "Program.cs")]
    public void Block_IsTheSamplesFile(string language, string file) =>
        Assert.Equal(File.ReadAllText(InOutput(file)), Block(language));

    [Fact]
    public void Example_FitsOnTwentyLines() =>
        Assert.InRange(Block("csharp").Split('\n').Length - 1, 1, 20);

    [Fact]
    public void Example_PrintsWhatTheReadmeSays()
    {
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            MethodInfo main = Assembly.Load("Hello").EntryPoint!;
            main.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
        }

        Assert.Equal(Block("text"), output.ToString());
    }

    private static string Block(string language)
    {
        string readme = File.ReadAllText(InOutput("README.md"));
        string fence = $"```{language}\n";
        int start = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string InOutput(string file) => Path.Combine(AppContext.BaseDirectory, "Readme", file);
}
