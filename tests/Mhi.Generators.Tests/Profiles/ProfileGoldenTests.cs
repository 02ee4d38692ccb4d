using System;
using System.IO;
using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Mhi.Generators.Tests.Profiles;

/// <summary>The generated class, reviewed like source, and which files make it.</summary>
public sealed class ProfileGoldenTests
{
    private static readonly string s_golden = Path.Combine(AppContext.BaseDirectory, "ProfileGolden", "Demo.Profiles.KnownProfiles.g.cs");

    [Fact]
    public void Run_OnAProfile_MakesTheGoldenFile()
    {
        GeneratorRunResult result = ProfileHost.Run(ProfileHost.Content);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(["Demo.Profiles.KnownProfiles.g.cs"], result.HintNames());
        if (GoldenCase.RewriteFolder is { } folder)
        {
            File.WriteAllText(
                Path.Combine(folder, "..", "ProfileGolden", result.HintNames()[0]), result.GeneratedSources[0].SourceText.ToString());
            return;
        }

        Assert.Equal(File.ReadAllText(s_golden), result.GeneratedSources[0].SourceText.ToString());
    }

    [Fact]
    public void Compile_OfTheGoldenFile_HasNoWarning() =>
        Assert.Empty(GeneratorHost.Compilation(File.ReadAllText(s_golden)).GetDiagnostics());

    [Theory]
    [InlineData("profiles/acme-m1.json", null, true)]
    [InlineData("src/Profiles/acme-m1.json", null, true)]
    [InlineData("profiles/profile.schema.json", null, false)]
    [InlineData("profiles/channels.json", null, false)]
    [InlineData("acme-m1.json", null, false)]
    [InlineData("acme-m1.json", "true", true)]
    [InlineData("profiles/acme-m1.json", "false", false)]
    public void File_IsAProfile_ByItsFolderOrItsMetadata(string path, string? marked, bool expected) => Assert.Equal(
        expected,
        !ProfileHost.Run(new ChannelFile(ProfileHost.Content, path, markedProfile: marked)).GeneratedSources.IsEmpty);

    [Fact]
    public void Run_WithTheFilesInAnotherOrder_GivesTheSameText()
    {
        ChannelFile one = new(ProfileHost.Content, ProfileHost.Path);
        ChannelFile two = new(
            ProfileHost.Content
                .Replace("acme-m1", "acme-m0", StringComparison.Ordinal)
                .Replace("\"order\": ", "\"order\": 1", StringComparison.Ordinal)
                .Replace("0x18d7", "0x18d8", StringComparison.Ordinal),
            "profiles/acme-m0.json");

        string text = ProfileHost.Run(one, two).GeneratedSources.Single().SourceText.ToString();

        Assert.Equal(text, ProfileHost.Run(two, one).GeneratedSources.Single().SourceText.ToString());
        Assert.Equal(1, text.Split("ChannelProfile> Channels").Length - 1);
        Assert.Empty(GeneratorHost.Compilation(text).GetDiagnostics());
    }
}
