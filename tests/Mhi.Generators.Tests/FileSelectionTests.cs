using Mhi.Generators.Tests.Infrastructure;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>Which additional files the generator reads.</summary>
public sealed class FileSelectionTests
{
    private const string Content = """{ "channels": [ { "name": "A", "mtu": 1 } ] }""";

    [Theory]
    [InlineData("channels.json", null)]
    [InlineData("modem/channels.json", null)]
    [InlineData("/src/Channels.json", null)]
    [InlineData("channels.json", "")]
    [InlineData("modem.json", "true")]
    [InlineData("modem.json", "True")]
    public void File_NamedOrMarkedAsChannelFile_IsRead(string path, string? marked) =>
        Assert.Equal(["AChannel"], GeneratorHost.Run(new ChannelFile(Content, path, marked)).ClassNames());

    [Theory]
    [InlineData("mychannels.json", null)]
    [InlineData("channels.json.bak", null)]
    [InlineData("channels.json/readme.md", null)]
    [InlineData("modem.json", "")]
    [InlineData("channels.json", "false")]
    public void File_OfAnotherNameOrUnmarked_IsLeftAlone(string path, string? marked) =>
        Assert.Empty(GeneratorHost.Run(new ChannelFile(Content, path, marked)).GeneratedSources);

    [Fact]
    public void Files_OfSeveralNamespaces_GiveATableEach() => Assert.Equal(
        ["Acme.AChannel.g.cs", "Acme.ChannelTable.g.cs", "Demo.AChannel.g.cs", "Demo.ChannelTable.g.cs"],
        GeneratorHost.Run(
            new ChannelFile(Content),
            new ChannelFile("""{ "namespace": "Acme", "channels": [ { "name": "A", "mtu": 1 } ] }""", "acme.json", "true")).HintNames());
}
