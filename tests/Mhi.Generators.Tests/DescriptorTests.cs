using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Mhi.Generators.Diagnostics;
using Mhi.Generators.Tests.Profiles;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>Numbers, help page, release notes and tests of the diagnostics stay complete.</summary>
public sealed partial class DescriptorTests
{
    public static TheoryData<string> Ids => [.. Descriptors.All.Select(descriptor => descriptor.Id)];

    [Fact]
    public void All_HoldsEveryDescriptorOnceInOrder()
    {
        Assert.Equal(
            Enumerable.Range(1, Descriptors.All.Length).Select(number => number.ToString("'MHI'0000", CultureInfo.InvariantCulture)),
            Descriptors.All.Select(descriptor => descriptor.Id));
        Assert.Equal(
            typeof(Descriptors).GetFields().Count(field => field.FieldType == typeof(DiagnosticDescriptor)),
            Descriptors.All.Length);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptor_HasAHelpPageSection(string id)
    {
        DiagnosticDescriptor descriptor = Descriptors.All.Single(descriptor => descriptor.Id == id);

        string page = descriptor.Category == "Mhi.Profiles" ? "profiles.md" : "channels-json.md";
        Assert.Equal($"docs/{page}#{id.ToLowerInvariant()}", descriptor.HelpLinkUri);
        string section = Regex.Match(ReadPage(page), $@"^### {id}\n(.*?)(?=^##|\z)", RegexOptions.Multiline | RegexOptions.Singleline).Value;
        Assert.Contains(descriptor.Title.ToString(CultureInfo.InvariantCulture), section, StringComparison.Ordinal);
        Assert.Contains("Cause:", section, StringComparison.Ordinal);
        Assert.Contains("Fix:", section, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Descriptor_HasATestOfItsPlace(string id) => Assert.Contains(
        typeof(DiagnosticTests).GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Concat(typeof(ProfileDiagnosticTests).GetMethods(BindingFlags.Public | BindingFlags.Instance)),
        method => method.Name.StartsWith(id + "_", StringComparison.Ordinal));

    [Theory]
    [InlineData("channels-json.md")]
    [InlineData("profiles.md")]
    public void Page_NamesNoDiagnosticThatDoesNotExist(string page) => Assert.All(
        DiagnosticNumber().Matches(ReadPage(page)).Select(match => match.Value),
        id => Assert.Contains(Descriptors.All, descriptor => descriptor.Id == id));

    [Fact]
    public void Page_DescribesEveryProperty() => Assert.All(
        ChannelFileFormat.FileProperties.Concat(ChannelFileFormat.ChannelProperties),
        property => Assert.Contains($"| `{property}` |", ReadPage("channels-json.md"), StringComparison.Ordinal));

    [Fact]
    public void ProfilePage_DescribesEveryProperty() => Assert.All(
        ProfileFileFormat.FileProperties
            .Concat(ProfileFileFormat.PciIdProperties)
            .Concat(ProfileFileFormat.ChannelProperties)
            .Concat(ProfileFileFormat.EventRingProperties),
        property => Assert.Contains($"| `{property.Name}` |", ReadPage("profiles.md"), StringComparison.Ordinal));

    private static string ReadPage(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Repository", file));

    [GeneratedRegex(@"MHI\d{4}")]
    private static partial Regex DiagnosticNumber();
}
