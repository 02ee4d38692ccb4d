using System;
using System.IO;
using System.Linq;
using System.Threading;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Generators.Models;
using Mhi.Generators.Parsing;
using Mhi.Generators.Validation;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>No content makes the generator throw, and every diagnostic stays inside its file.</summary>
public sealed class RobustnessTests
{
    private static readonly string s_content = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "Full", "channels.json"));

    [Fact]
    public void Validate_OfEveryPrefixOfAFile_KeepsTheEntriesCompleteInIt()
    {
        ChannelModel[] all = [.. Validate(s_content).Table.Channels];
        int kept = 0;
        for (int length = 0; length < s_content.TrimEnd().Length; length++)
        {
            ValidatedFile file = Validate(s_content[..length]);

            Assert.Contains(file.Diagnostics, diagnostic => diagnostic.Descriptor.Id == "MHI0002");
            Assert.Equal(all.Take(file.Table.Channels.Count).Select(channel => channel.Name), file.Table.Channels.Select(channel => channel.Name));
            Assert.InRange(file.Table.Channels.Count, kept, all.Length);
            kept = file.Table.Channels.Count;
        }

        Assert.Equal(all.Length, kept);
    }

    [Property(MaxTest = 2000)]
    public Property Validate_OfADamagedFile_NeverThrows() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonNegativeInt>(),
        ArbMap.Default.ArbFor<byte>(),
        ArbMap.Default.ArbFor<NonNull<string>>(),
        (at, remove, insert) =>
        {
            int start = (int)(at.Get * 7919L % s_content.Length);
            int length = Math.Min(remove % 16, s_content.Length - start);
            Validate(s_content.Remove(start, length).Insert(start, insert.Get));
        });

    [Property(MaxTest = 500)]
    public void Validate_OfAnyText_NeverThrows(NonNull<string> text) => Validate(text.Get);

    [Theory]
    [InlineData("// nothing but a comment")]
    [InlineData("/* open")]
    [InlineData("{ /")]
    [InlineData("\ufeff{}")]
    [InlineData("{\r\"channels\"\r:\r[\r1\r]\u2028}")]
    [InlineData("\"\ud800\"")]
    public void Validate_OfAwkwardText_ReportsInsideTheFile(string text) => Assert.NotEmpty(Validate(text).Diagnostics);

    [Fact]
    public void Validate_OfDeepNesting_ReportsIt() => Assert.Contains(
        Validate("{ \"x\": " + new string('[', 5000)).Diagnostics,
        diagnostic => diagnostic.Descriptor.Id == "MHI0002");

    private static ValidatedFile Validate(string content)
    {
        ParsedFile parsed = ChannelFileParser.Parse(new ChannelFileText("channels.json", content), CancellationToken.None);
        ValidatedFile file = ChannelFileValidator.Validate(parsed, "Demo");
        Assert.All(file.Diagnostics, diagnostic =>
        {
            Assert.InRange(diagnostic.Place.Span.End, 0, content.Length);
            Assert.NotEmpty(diagnostic.ToDiagnostic().ToString());
        });
        return file;
    }
}
