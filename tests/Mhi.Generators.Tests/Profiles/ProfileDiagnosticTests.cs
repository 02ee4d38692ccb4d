using System;
using System.Globalization;
using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Mhi.Generators.Tests.Profiles;

/// <summary>One test or more per diagnostic of profile files: its number, its exact place, its words.</summary>
public sealed class ProfileDiagnosticTests
{
    [Fact]
    public void MHI0001_WhenTheFileCannotBeRead_PointsAtTheFile()
    {
        Diagnostic diagnostic = Assert.Single(ProfileHost.Run(new ChannelFile(null, ProfileHost.Path)).Diagnostics);

        Assert.Equal("MHI0001", diagnostic.Id);
        Assert.Equal(ProfileHost.Path, diagnostic.Location.GetLineSpan().Path);
    }

    [Theory]
    [InlineData("MHI0003", "\"timeoutMs\": 8000", "\"timeoutMs\": «\"8 s\"»", "'timeoutMs' must be a number, not a string")]
    [InlineData("MHI0003", "\"edlTrigger\": true", "\"edlTrigger\": «1»", "'edlTrigger' must be true or false, not a number")]
    [InlineData("MHI0004", "\"timeoutMs\": 8000,", "\"timeoutMs\": 8000, «\"edlTriger\"»: true,", "Did you mean 'edlTrigger'?")]
    [InlineData("MHI0005", "\"timeoutMs\": 8000,", "\"timeoutMs\": 8000, «\"timeoutMs\"»: 1,", "'timeoutMs' is given twice")]
    [InlineData("MHI0010", "\"FIREHOSE\"", "«\"\"»", "The channel name is empty.")]
    [InlineData("MHI0011", "\"FIREHOSE\"", "«\"FIRE/HOSE\"»", "makes no device node")]
    [InlineData("MHI0012", "\"FIREHOSE\"", "«\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"»", "has 32 characters")]
    public void Shared_WhenAProfileHasTheMistakeOfAChannelFile_SaysTheSame(string id, string good, string bad, string message) =>
        Verify(id, good, bad, message);

    [Theory]
    [InlineData("\"id\": \"acme-m1\",", "\"id\" «\"»acme-m1\",")]
    [InlineData("\"order\": 1,", "\"order\": 0«x»1,")]
    public void MHI0026_WhenTheGrammarIsBroken_PointsAtTheCharacter(string good, string bad) =>
        Verify("MHI0026", good, bad, "The JSON is broken here: ", several: true);

    [Theory]
    [InlineData("{\n  \"id\": \"acme-m1\",", "«{»", "There is no 'id' here. Add the name of the profile")]
    [InlineData("{ \"number\": 33, ", "«{» ", "There is no 'number' here.")]
    [InlineData("{ \"elements\": 1024, ", "«{» ", "There is no 'elements' here.")]
    [InlineData("{ \"order\": 1, ", "«{» ", "There is no 'order' here.")]
    public void MHI0027_WhenAPropertyIsMissing_PointsAtItsObject(string good, string bad, string message) =>
        Verify("MHI0027", good, bad, message);

    [Fact]
    public void MHI0028_WhenAnArrayIsEmpty_PointsAtIt()
    {
        MarkedText text = MarkedText.Parse(
            """{ "id": "a", "pciIds": «[»], "timeoutMs": 1, "dmaAddressBits": 32, "channels": «[»], "eventRings": «[»] }""");

        Diagnostic[] diagnostics = [.. ProfileHost.Run(text.Text).Diagnostics];

        Assert.Equal(["MHI0028", "MHI0028", "MHI0028"], diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Equal(
            text.Places.Select(place => place.ToString()),
            diagnostics.Select(diagnostic => diagnostic.Location.GetLineSpan().Span.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("1acme")]
    [InlineData("acme--m1")]
    [InlineData("acme-")]
    [InlineData("acme_m1")]
    public void MHI0029_WhenTheIdIsInvalid_PointsAtIt(string id) =>
        Verify("MHI0029", "\"acme-m1\"", $"«\"{id}\"»", $"'{id}' is no name of a profile.");

    [Fact]
    public void MHI0030_WhenTwoProfilesShareAnId_PointsAtTheSecond()
    {
        MarkedText text = MarkedText.Parse(ProfileHost.Content.Replace("\"acme-m1\"", "«\"acme-m1\"»", StringComparison.Ordinal));

        Diagnostic diagnostic = Assert.Single(ProfileHost.Run(
            new ChannelFile(text.Text, "profiles/b.json"), new ChannelFile(ProfileHost.Content, "profiles/a.json")).Diagnostics);

        Assert.Equal("MHI0030", diagnostic.Id);
        Assert.Equal("profiles/b.json", diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(text.Places[0].ToString(), diagnostic.Location.GetLineSpan().Span.ToString());
        Assert.Contains("'a.json' already makes the property AcmeM1.", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"number\": 33", "\"number\": «127»", "'number' must be a whole number from 0 to 126, not 127")]
    [InlineData("\"number\": 33", "\"number\": «-1»", "not -1")]
    [InlineData("\"elements\": 1024", "\"elements\": «1000»", "'elements' must be a power of two from 2 to 4096, not 1000")]
    [InlineData("\"elements\": 4,", "\"elements\": «8192»,", "not 8192")]
    [InlineData("\"moderationMs\": 1", "\"moderationMs\": «0.5»", "'moderationMs' must be a whole number from 0 to 65535, not 0.5")]
    [InlineData("\"timeoutMs\": 8000", "\"timeoutMs\": «0»", "'timeoutMs' must be a whole number from 1 to 3600000, not 0")]
    [InlineData("\"dmaAddressBits\": 32", "\"dmaAddressBits\": «65»", "from 32 to 64, not 65")]
    [InlineData("\"edlTrigger\": true", "\"mru\": «99999»", "'mru' must be a whole number from 1 to 65535, not 99999")]
    public void MHI0031_WhenANumberIsOutOfRange_PointsAtIt(string good, string bad, string message) =>
        Verify("MHI0031", good, bad, message);

    [Theory]
    [InlineData("\"0x0308\"", "0308")]
    [InlineData("\"0x18d7\", \"label\"", "0x8d7")]
    [InlineData("\"0x1eac\"", "0x1eag")]
    public void MHI0032_WhenAPciNumberIsInvalid_PointsAtIt(string good, string bad)
    {
        string rest = good[(good.IndexOf('"', 1) + 1)..];
        Verify("MHI0032", good, $"«\"{bad}\"»{rest}", $"not '{bad}'");
    }

    [Theory]
    [InlineData("\"direction\": \"downlink\"", "\"direction\": «\"downlnk\"»", "There is no direction 'downlnk'. Did you mean 'downlink'?")]
    [InlineData("\"environment\": \"fp\"", "\"environment\": «\"wfw\"»", "There is no environment 'wfw'. Known are 'amss', 'sbl', 'fp'.")]
    [InlineData("\"timeoutMs\": 8000,", "\"timeoutMs\": 8000, \"status\": «\"new\"»,", "There is no status 'new'.")]
    public void MHI0033_WhenAWordIsUnknown_PointsAtItAndSuggests(string good, string bad, string message) =>
        Verify("MHI0033", good, bad, message, several: true);

    [Fact]
    public void MHI0034_WhenANumberIsTaken_PointsAtTheSecond() =>
        Verify("MHI0034", "\"number\": 32", "\"number\": «33»", "Channel 33 is already in the table, at line 12.");

    [Fact]
    public void MHI0035_WhenNameAndDirectionAreTaken_PointsAtTheSecond() =>
        Verify("MHI0035", "\"FIREHOSE\"", "«\"DUN\"»", "The uplink of 'DUN' is already in the table, at line 13.");

    [Fact]
    public void MHI0036_WhenTheEventRingDoesNotExist_PointsAtTheIndex() =>
        Verify("MHI0036", "\"eventRing\": 1", "\"eventRing\": «2»", "There is no event ring 2; the profile has 2, counted from 0.");

    [Fact]
    public void MHI0037_WhenRing0CarriesNoControlEvents_PointsAtIt() =>
        Verify("MHI0037", "{ \"elements\": 128, \"control\": true }", "«{» \"elements\": 128 }", "Add \"control\": true to it.");

    [Fact]
    public void MHI0038_WhenAPlaceInMatchOrderIsTaken_PointsAtTheSecond() =>
        Verify("MHI0038", "\"order\": 0", "\"order\": «1»", "Place 1 is already taken, in 'acme-m1.json'.");

    [Fact]
    public void MHI0039_WhenAPciIdIsNeverMatched_WarnsAtItsPlace() => Verify(
        "MHI0039",
        "{ \"order\": 0, \"vendor\": \"0x1eac\", \"device\": \"0x1001\"",
        "{ \"order\": «2», \"vendor\": \"0x17cb\", \"device\": \"0x0308\"",
        "The PCI ID at place 1, in 'acme-m1.json', matches every function this one does",
        DiagnosticSeverity.Warning);

    [Fact]
    public void Run_WhenOneOfTwoFilesIsBroken_StillCompilesTheOther()
    {
        GeneratorRunResult result = ProfileHost.Run(
            new ChannelFile("{", "profiles/broken.json"), new ChannelFile(ProfileHost.Content, ProfileHost.Path));

        Assert.Contains("MHI0026", result.Ids());
        Assert.Contains("AcmeM1", Assert.Single(result.GeneratedSources).SourceText.ToString(), StringComparison.Ordinal);
    }

    private static void Verify(
        string id, string good, string bad, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error, bool several = false)
    {
        int place = ProfileHost.Content.IndexOf(good, StringComparison.Ordinal);
        Assert.True(place >= 0, $"The content has no {good}.");
        MarkedText text = MarkedText.Parse(ProfileHost.Content[..place] + bad + ProfileHost.Content[(place + good.Length)..]);

        GeneratorRunResult result = ProfileHost.Run(text.Text);

        Diagnostic diagnostic = several
            ? result.Diagnostics.First(diagnostic => diagnostic.Id == id)
            : Assert.Single(result.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(severity, diagnostic.Severity);
        Assert.Equal(ProfileHost.Path, diagnostic.Location.GetLineSpan().Path);
        Assert.Equal(Assert.Single(text.Places).ToString(), diagnostic.Location.GetLineSpan().Span.ToString());
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal(severity == DiagnosticSeverity.Warning || id == "MHI0038", !result.GeneratedSources.IsEmpty);
    }
}
