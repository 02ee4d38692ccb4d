using System;
using System.Globalization;
using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>One test or more per diagnostic: its number, its exact place (between <c>«</c> and <c>»</c>), its words.</summary>
public sealed class DiagnosticTests
{
    [Fact]
    public void MHI0001_WhenTheFileCannotBeRead_PointsAtTheFile()
    {
        GeneratorRunResult result = GeneratorHost.Run(new ChannelFile(null, "modem/channels.json"));

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("MHI0001", diagnostic.Id);
        Assert.Equal("modem/channels.json", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal("'modem/channels.json' cannot be read. Check that the file exists and is text.", diagnostic.GetMessage(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void MHI0002_WhenAColonIsMissing_PointsAtTheCharacter() => Verify(
        "MHI0002",
        """
        {
          "channels": [
            { "name" «"»LOOPBACK", "mtu": 1 }
          ]
        }
        """,
        "The JSON is broken here: ");

    [Theory]
    [InlineData("«»")]
    [InlineData("{\n  \"channels\": [ ] } «}»")]
    [InlineData("{ \"channels\": [ { \"name\": \"A\", \"mtu\": 1 } ]«»")]
    [InlineData("{ \"channels\": [ { \"name\": \"A\", \"mtu\": 1 } ] }\n«x»")]
    [InlineData("{ \"channels\": [ { \"name\": \"A\", \"mtu\": 0«x»10 } ] }")]
    [InlineData("{\n  \"größe 😀\": 1, «x» }")]
    public void MHI0002_WhenTheGrammarIsBroken_PointsNearTheMistake(string marked)
    {
        MarkedText text = MarkedText.Parse(marked);

        Diagnostic diagnostic = GeneratorHost.Run(text.Text).Diagnostics.Last(diagnostic => diagnostic.Id == "MHI0002");

        Assert.Equal(text.Places[0].ToString(), diagnostic.Location.GetLineSpan().Span.ToString());
        Assert.DoesNotContain("LineNumber", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void MHI0002_WhenAHexadecimalNumberHasNoQuotes_SaysSo() => Verify(
        "MHI0002",
        """{ "channels": [ { "name": "A", "mtu": 0«x»1000 } ] }""",
        "A hexadecimal number needs quotes: \"0x1000\".");

    [Theory]
    [InlineData("""{ "channels": [ { "name": «"\ud800"», "mtu": 1 } ] }""")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, «"\udc00"»: 1 } ] }""")]
    public void MHI0002_WhenAnEscapeIsHalfACharacter_PointsAtTheString(string marked) =>
        Verify("MHI0002", marked, "an escape sequence of this string stands for half a character");

    [Theory]
    [InlineData("«[» ]", "The document must be an object, not an array")]
    [InlineData("«null»", "The document must be an object, not null")]
    [InlineData("""{ "channels": «{» "a": [ 1 ] } }""", "'channels' must be an array, not an object")]
    [InlineData("""{ "channels": [ «"LOOPBACK"» ] }""", "An entry of 'channels' must be an object, not a string")]
    [InlineData("""{ "$schema": «1», "channels": [ { "name": "A", "mtu": 1 } ] }""", "'$schema' must be a string, not a number")]
    [InlineData("""{ "namespace": «true», "channels": [ { "name": "A", "mtu": 1 } ] }""", "'namespace' must be a string, not true or false")]
    [InlineData("""{ "accessibility": «null», "channels": [ { "name": "A", "mtu": 1 } ] }""", "'accessibility' must be a string, not null")]
    [InlineData("""{ "channels": [ { "name": «7», "mtu": 1 } ] }""", "'name' must be a string, not a number")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": «null» } ] }""", "'mtu' must be a number or a string, not null")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, "direction": «[» "up" ] } ] }""", "'direction' must be a string, not an array")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, "poolDepth": «"8"» } ] }""", "'poolDepth' must be a number, not a string")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, "deliverEmptyPackets": «"yes"» } ] }""", "'deliverEmptyPackets' must be true or false, not a string")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, "writePolicy": «false» } ] }""", "'writePolicy' must be a string, not true or false")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, "description": «{» } } ] }""", "'description' must be a string, not an object")]
    public void MHI0003_WhenATypeIsWrong_PointsAtTheValue(string marked, string message) => Verify("MHI0003", marked, message);

    [Theory]
    [InlineData("""{ «"chanels"»: [ { "deep": [ 1 ] } ], "channels": [ { "name": "A", "mtu": 1 } ] }""", "There is no property 'chanels' here. Did you mean 'channels'?")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, «"NAME"»: "B" } ] }""", "There is no property 'NAME' here. Did you mean 'name'?")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, «"poolDeth"»: 4 } ] }""", "There is no property 'poolDeth' here. Did you mean 'poolDepth'?")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, «"ring"»: { "mtu": 2 } } ] }""", "There is no property 'ring' here. Known are 'name', 'mtu', 'direction', 'poolDepth', 'deliverEmptyPackets', 'writePolicy', 'description'.")]
    public void MHI0004_WhenAPropertyIsUnknown_PointsAtItsNameAndSuggests(string marked, string message) =>
        Verify("MHI0004", marked, message);

    [Fact]
    public void MHI0005_WhenAPropertyIsGivenTwice_PointsAtTheSecond() => Verify(
        "MHI0005",
        """
        { "channels": [
          { "name": "A", "mtu": 1,
            «"mtu"»: 2 }
        ] }
        """,
        "'mtu' is given twice in this object and the first one counts. Remove one.");

    [Fact]
    public void MHI0006_WhenThereIsNoChannelsArray_PointsAtTheDocument() => Verify(
        "MHI0006",
        "\n  «{» \"namespace\": \"A\" }",
        """The file has no 'channels'. Add "channels": [ { "name": "LOOPBACK", "mtu": "0x1000" } ].""");

    [Fact]
    public void MHI0007_WhenTheChannelsArrayIsEmpty_PointsAtTheArray() => Verify(
        "MHI0007",
        """{ "channels": «[»] }""",
        """'channels' has no entry. Add one such as { "name": "LOOPBACK", "mtu": "0x1000" }.""");

    [Fact]
    public void MHI0008_WhenThereAre129Entries_PointsAtThe129th()
    {
        string entries = string.Join(",\n", Enumerable.Range(1, 128).Select(i => $$"""{ "name": "C{{i}}", "mtu": 1 }"""));

        Verify(
            "MHI0008",
            $$"""{ "channels": [ {{entries}}, """ + "\n «{» \"name\": \"ONE_MORE\", \"mtu\": 1 }, { \"name\": \"TWO_MORE\", \"mtu\": 1 } ] }",
            "This is entry 129, but a table holds at most 128.");
    }

    [Theory]
    [InlineData("""{ "channels": [ «{» "mtu": 1 } ] }""", "The entry has no 'name'. Add the name of the device's channel table, such as \"LOOPBACK\".")]
    [InlineData("""{ "channels": [ «{» "name": "A" } ] }""", "The entry has no 'mtu'. Add the largest transfer in bytes, such as \"0x1000\".")]
    public void MHI0009_WhenARequiredPropertyIsMissing_PointsAtTheEntry(string marked, string message) =>
        Verify("MHI0009", marked, message);

    [Fact]
    public void MHI0010_WhenTheNameIsEmpty_PointsAtIt() => Verify(
        "MHI0010",
        """{ "channels": [ { "name": «""», "mtu": 1 } ] }""",
        "The channel name is empty. Write the name of the device's channel table, such as \"LOOPBACK\".");

    [Theory]
    [InlineData("A/B", "'/' separates directories")]
    [InlineData(".", "it is the name of a directory")]
    [InlineData("..", "it is the name of a directory")]
    [InlineData("LOOP BACK", "it contains white space")]
    [InlineData("A\u00a0B", "it contains white space")]
    [InlineData("A\\u0000", "it contains the control character U+0000")]
    [InlineData("A\\tB", "it contains the control character U+0009")]
    public void MHI0011_WhenTheNameMakesNoNode_PointsAtIt(string name, string reason) => Verify(
        "MHI0011", $$"""{ "channels": [ { "name": «"{{name}}"», "mtu": 1 } ] }""", reason);

    [Fact]
    public void MHI0012_WhenTheNameIsTooLong_PointsAtIt() => Verify(
        "MHI0012",
        $$"""{ "channels": [ { "name": "{{new string('A', 31)}}", "mtu": 1 }, { "name": «"{{new string('B', 32)}}"», "mtu": 1 } ] }""",
        "The channel name has 32 characters, but MHI allows 31.");

    [Theory]
    [InlineData("5G_DATA", "a class name cannot begin with a digit")]
    [InlineData("___", "it has no letter")]
    [InlineData("A+B", "it contains '+'")]
    [InlineData("GRÖSSE", "it contains 'Ö'")]
    [InlineData("A\\\"B", "it contains '\"'")]
    public void MHI0013_WhenTheNameMakesNoClass_PointsAtIt(string name, string reason) => Verify(
        "MHI0013", $$"""{ "channels": [ { "name": «"{{name}}"», "mtu": 1 } ] }""", reason);

    [Fact]
    public void MHI0014_WhenANameIsGivenTwice_PointsAtTheSecond() => Verify(
        "MHI0014",
        """
        { "channels": [
          { "name": "DUN", "mtu": 1 },
          { "name": "QMI", "mtu": 1 },
          { "name": «"DUN"», "mtu": 2 }
        ] }
        """,
        "'DUN' is already in the table, at line 2. Remove one of the two.");

    [Theory]
    [InlineData("IP_HW0", "IP-HW0", "IpHw0Channel")]
    [InlineData("DUN", "dun", "DunChannel")]
    [InlineData("FOO_BAR", "FOOBAR", "FoobarChannel")]
    public void MHI0015_WhenTwoNamesMakeOneClass_PointsAtTheSecond(string first, string second, string className) => Verify(
        "MHI0015",
        $$"""{ "channels": [ { "name": "{{first}}", "mtu": 1 }, { "name": «"{{second}}"», "mtu": 1 } ] }""",
        $"'{second}' makes the class name '{className}', which '{first}' already makes");

    [Theory]
    [InlineData("\"4 KiB\"")]
    [InlineData("\"0x\"")]
    [InlineData("\"\"")]
    [InlineData("\"-\"")]
    [InlineData("\"1000h\"")]
    [InlineData("\" 4096\"")]
    [InlineData("\"0xG0\"")]
    [InlineData("4096.5")]
    [InlineData("1e3")]
    public void MHI0016_WhenTheMtuIsNoWholeNumber_PointsAtIt(string mtu) => Verify(
        "MHI0016",
        $$"""{ "channels": [ { "name": "A", "mtu": «{{mtu}}» } ] }""",
        $"The MTU '{mtu.Trim('"')}' is not a whole number. Write decimal digits such as 4096, or a string such as \"0x1000\".");

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"0x0\"")]
    [InlineData("\"-0x10\"")]
    public void MHI0017_WhenTheMtuIsNotPositive_PointsAtIt(string mtu) => Verify(
        "MHI0017",
        $$"""{ "channels": [ { "name": "A", "mtu": «{{mtu}}» } ] }""",
        $"The MTU must be at least 1 and is {mtu.Trim('"')}.");

    [Theory]
    [InlineData("65536")]
    [InlineData("\"0x10000\"")]
    [InlineData("99999999999999999999999999")]
    [InlineData("\"0xffffffffffffffffffffffff\"")]
    public void MHI0018_WhenTheMtuIsTooLarge_WarnsAndClamps(string mtu)
    {
        string marked = $$"""{ "channels": [ { "name": "A", "mtu": «{{mtu}}» } ] }""";

        Verify("MHI0018", marked, "is clamped to 0xffff. Write \"0xffff\" or less.", DiagnosticSeverity.Warning);
        Assert.Contains(
            "public const int Mtu = 0xFFFF;",
            GeneratorHost.Run(MarkedText.Parse(marked).Text).Source("Demo.AChannel.g.cs"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("32769")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public void MHI0019_WhenThePoolDepthIsOutOfRange_PointsAtIt(string depth) => Verify(
        "MHI0019",
        $$"""{ "channels": [ { "name": "A", "mtu": 1, "poolDepth": «{{depth}}» } ] }""",
        $"The pool depth must be a whole number from 1 to 32768, not {depth}.");

    [Theory]
    [InlineData("Uplink", "There is no direction 'Uplink'. Did you mean 'uplink'?")]
    [InlineData("rx", "There is no direction 'rx'. Known are 'both', 'uplink', 'downlink'.")]
    public void MHI0020_WhenTheDirectionIsUnknown_PointsAtIt(string direction, string message) => Verify(
        "MHI0020", $$"""{ "channels": [ { "name": "A", "mtu": 1, "direction": «"{{direction}}"» } ] }""", message);

    [Fact]
    public void MHI0021_WhenTheWritePolicyIsUnknown_PointsAtIt() => Verify(
        "MHI0021",
        """{ "channels": [ { "name": "A", "mtu": 1, "writePolicy": «"wholemessages"» } ] }""",
        "There is no write policy 'wholemessages'. Did you mean 'wholeMessage'?");

    [Theory]
    [InlineData("")]
    [InlineData("Acme..Modem")]
    [InlineData("Acme.5g")]
    [InlineData("Acme.class")]
    [InlineData("Acme Modem")]
    public void MHI0022_WhenTheNamespaceIsInvalid_PointsAtIt(string name) => Verify(
        "MHI0022",
        $$"""{ "namespace": «"{{name}}"», "channels": [ { "name": "A", "mtu": 1 } ] }""",
        $"'{name}' is no C# namespace.");

    [Fact]
    public void MHI0023_WhenTheAccessibilityIsUnknown_PointsAtIt() => Verify(
        "MHI0023",
        """{ "accessibility": «"private"», "channels": [ { "name": "A", "mtu": 1 } ] }""",
        "There is no accessibility 'private' for generated classes. Known are 'public', 'internal'.");

    [Theory]
    [InlineData("""«{» "channels": [ { "name": "B", "mtu": 1 } ] }""", "Demo")]
    [InlineData("""{ "namespace": «"Demo"», "channels": [ { "name": "B", "mtu": 1 } ] }""", "Demo")]
    [InlineData("""{ "namespace": «"demo"», "channels": [ { "name": "B", "mtu": 1 } ] }""", "demo")]
    public void MHI0024_WhenTwoFilesShareANamespace_PointsAtTheSecondFile(string marked, string name)
    {
        MarkedText text = MarkedText.Parse(marked);

        GeneratorRunResult result = GeneratorHost.Run(
            new ChannelFile("""{ "channels": [ { "name": "A", "mtu": 1 } ] }""", "one/channels.json"),
            new ChannelFile(text.Text, "two/channels.json"));

        Diagnostic diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal("MHI0024", diagnostic.Id);
        Assert.Equal("two/channels.json", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(text.Places[0].ToString(), diagnostic.Location.GetLineSpan().Span.ToString());
        Assert.Equal(
            $"'one/channels.json' already generates into the namespace '{name}', and a namespace has one table. Give this file a \"namespace\" of its own.",
            diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal(["AChannel", "BChannel"], result.ClassNames());
    }

    [Theory]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, "direction": "uplink", "deliverEmptyPackets": «true» } ] }""", "'deliverEmptyPackets' has no effect on a channel that is uplink only. Remove it, or set \"direction\" to \"downlink\" or \"both\".")]
    [InlineData("""{ "channels": [ { "name": "A", "mtu": 1, "writePolicy": «"eager"», "direction": "downlink" } ] }""", "'writePolicy' has no effect on a channel that is downlink only. Remove it, or set \"direction\" to \"uplink\" or \"both\".")]
    public void MHI0025_WhenAPropertyHasNoEffect_WarnsAtItsValue(string marked, string message) =>
        Verify("MHI0025", marked, message, DiagnosticSeverity.Warning);

    /// <summary>Runs the generator and expects this diagnostic at the marked place, and no other.</summary>
    private static void Verify(string id, string marked, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error)
    {
        MarkedText text = MarkedText.Parse(marked);

        Diagnostic diagnostic = Assert.Single(GeneratorHost.Run(text.Text).Diagnostics);

        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(severity, diagnostic.Severity);
        Assert.Equal("channels.json", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(Assert.Single(text.Places).ToString(), diagnostic.Location.GetLineSpan().Span.ToString());
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
