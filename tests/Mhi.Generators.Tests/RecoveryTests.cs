using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>One mistake hides no other and costs no class but its own.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public void Run_WhenSeveralEntriesAreBad_ReportsEachAndKeepsTheGoodOnes()
    {
        GeneratorRunResult result = GeneratorHost.Run(
            """
            {
              "namspace": "Acme",
              "channels": [
                { "name": "LOOPBACK", "mtu": "0x1000" },
                { "name": "", "mtu": "zero" },
                { "mtu": 0, "size": 3 },
                7,
                { "name": "DUN", "mtu": "0x1000", "direction": "up", "poolDepth": 0 },
                { "name": "LOOPBACK", "mtu": 1 },
                { "name": "QMI", "mtu": 4096 }
              ]
            }
            """);

        Assert.Equal(
            [
                "(2,3) MHI0004", "(5,15) MHI0010", "(5,26) MHI0016", "(6,5) MHI0009", "(6,14) MHI0017", "(6,17) MHI0004", "(7,5) MHI0003",
                "(8,52) MHI0020", "(8,71) MHI0019", "(9,15) MHI0014",
            ],
            InOrder(result));
        Assert.Equal(["LoopbackChannel", "DunChannel", "QmiChannel"], result.ClassNames());
        Assert.Contains("Demo.ChannelTable.g.cs", result.HintNames());
    }

    [Fact]
    public void Run_WhenSyntaxBreaksHalfWay_KeepsTheEntriesBeforeIt()
    {
        GeneratorRunResult result = GeneratorHost.Run(
            """
            {
              "namespace": "Acme",
              "channels": [
                { "name": "LOOPBACK", "mtu": "0x1000" },
                { "name": "DUN", "mtu": 0 },
                { "name": "QMI", "mtu": "0x1000" },
                { "name": "MBIM" "mtu": 1 },
                { "name": "DIAG", "mtu": 1 }
              ]
            }
            """);

        Assert.Equal(["(5,29) MHI0017", "(7,22) MHI0002"], InOrder(result));
        Assert.Equal(["Acme.ChannelTable.g.cs", "Acme.LoopbackChannel.g.cs", "Acme.QmiChannel.g.cs"], result.HintNames());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{ "channels": [] }""")]
    public void Run_WhenNothingIsUsable_StillMakesAnEmptyTableThatCompiles(string content)
    {
        GeneratorRunResult result = GeneratorHost.Run(content);

        Assert.NotEmpty(result.Diagnostics);
        Assert.Equal(["Demo.ChannelTable.g.cs"], result.HintNames());
        Assert.Empty(GeneratorHost.Compilation([.. result.GeneratedSources.Select(source => source.SourceText.ToString())])
            .GetDiagnostics());
    }

    [Fact]
    public void Run_WhenTheNamespaceIsBadOrUnread_DoesNotBlameTheOtherFile()
    {
        GeneratorRunResult result = GeneratorHost.Run(
            new ChannelFile("""{ "channels": [ { "name": "A", "mtu": 1 } ] }""", "one/channels.json"),
            new ChannelFile("""{ "namespace": "no good", "channels": [ { "name": "A", "mtu": 1 } ] }""", "two/channels.json"),
            new ChannelFile("""{ "channels": [ { "name": "B", "mtu": 1 }, """, "three/channels.json"));

        Assert.Equal(["MHI0022", "MHI0002"], result.Ids());
        Assert.Equal(["AChannel", "BChannel"], result.ClassNames());
    }

    [Fact]
    public void Run_WhenTwoFilesShareANamespaceAndAClass_MakesTheClassOnce()
    {
        const string Content = """{ "channels": [ { "name": "A", "mtu": 1 } ] }""";

        GeneratorRunResult result = GeneratorHost.Run(new ChannelFile(Content, "one/channels.json"), new ChannelFile(Content, "two/channels.json"));

        Assert.Null(result.Exception);
        Assert.Equal(["MHI0024"], result.Ids());
        Assert.Equal(["AChannel"], result.ClassNames());
    }

    [Fact]
    public void Run_WhenAFileIsListedTwice_ReadsItOnce()
    {
        const string Content = """{ "channels": [ { "name": "A", "mtu": 0 }, { "name": "B", "mtu": 1 } ] }""";

        GeneratorRunResult result = GeneratorHost.Run(new ChannelFile(Content), new ChannelFile(Content));

        Assert.Equal(["MHI0017"], result.Ids());
        Assert.Equal(["BChannel"], result.ClassNames());
    }

    [Fact]
    public void Run_WhenTextBeforeTheMistakeIsNotAscii_CountsCharacters()
    {
        MarkedText text = MarkedText.Parse(
            "{ \"channels\": [\r\n { \"description\": \"Grüße 😀 \", \"name\": \"A\", \"mtu\": «0» },\r\n { \"name\": «\"ö\"», \"mtu\": «-2» } ] }");

        Diagnostic[] diagnostics = [.. GeneratorHost.Run(text.Text).Diagnostics];

        Assert.Equal(
            text.Places.Select(place => place.ToString()),
            diagnostics.Select(diagnostic => diagnostic.Location.GetLineSpan().Span.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Run_WithCommentsAndTrailingCommas_AcceptsThem()
    {
        MarkedText text = MarkedText.Parse(
            """
            // the modem's table
            {
              "channels": [
                { "name": "LOOPBACK", "mtu": "0x1000", }, /* echo */
                { /* what */ "name": /* why */ "DUN", "mtu": «0», },
              ],
            }
            """);

        GeneratorRunResult result = GeneratorHost.Run(text.Text);

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(text.Places[0].ToString(), diagnostic.Location.GetLineSpan().Span.ToString());
        Assert.Equal(["LoopbackChannel"], result.ClassNames());
    }

    private static IEnumerable<string> InOrder(GeneratorRunResult result) =>
        result.Diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan).Select(Describe);

    private static string Describe(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}) {diagnostic.Id}");
    }
}
