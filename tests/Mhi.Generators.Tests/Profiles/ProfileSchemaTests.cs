using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text.Json;
using Mhi.Generators.Models;
using Xunit;

namespace Mhi.Generators.Tests.Profiles;

/// <summary>What the schema of profiles tells an editor is what the generator does.</summary>
public sealed class ProfileSchemaTests
{
    private static readonly JsonElement s_schema = Read();

    private static (JsonElement Schema, ImmutableArray<PropertyFormat> Formats)[] Objects =>
    [
        (s_schema, ProfileFileFormat.FileProperties),
        (Definition("pciId"), ProfileFileFormat.PciIdProperties),
        (Definition("channel"), ProfileFileFormat.ChannelProperties),
        (Definition("eventRing"), ProfileFileFormat.EventRingProperties),
    ];

    [Fact]
    public void Properties_AreThoseTheParserKnows_InOrder() => Assert.All(Objects, pair =>
        Assert.Equal(pair.Formats.Select(format => format.Name), Properties(pair.Schema).Select(property => property.Name)));

    [Fact]
    public void Required_AreThePropertiesTheParserAsksFor() => Assert.All(Objects, pair => Assert.Equal(
        pair.Formats.Where(format => format.Advice is not null).Select(format => format.Name),
        pair.Schema.GetProperty("required").EnumerateArray().Select(name => name.GetString())));

    [Fact]
    public void Objects_RejectUnknownProperties() =>
        Assert.All(Objects, pair => Assert.False(pair.Schema.GetProperty("additionalProperties").GetBoolean()));

    [Fact]
    public void Properties_HaveADescriptionEach() => Assert.All(
        Objects.SelectMany(pair => Properties(pair.Schema)),
        property => Assert.EndsWith(".", property.Value.GetProperty("description").GetString(), StringComparison.Ordinal));

    [Fact]
    public void Words_AreThoseTheValidatorKnows()
    {
        Assert.Equal(ProfileFileFormat.Statuses, Words(s_schema, "status"));
        Assert.Equal(ProfileFileFormat.Directions, Words(Definition("channel"), "direction"));
        Assert.Equal(ProfileFileFormat.Environments, Words(Definition("channel"), "environment"));
    }

    [Fact]
    public void Limits_AreThoseOfTheValidator()
    {
        Assert.Equal(ProfileFileFormat.MaxTimeout, Maximum(s_schema, "timeoutMs"));
        Assert.Equal(ProfileFileFormat.MaxTimeout, Maximum(s_schema, "readyTimeoutMs"));
        Assert.Equal(ProfileFileFormat.MaxWord, Maximum(s_schema, "mru"));
        Assert.Equal(ProfileFileFormat.MaxWord, Maximum(Definition("pciId"), "order"));
        Assert.Equal(ProfileFileFormat.MaxWord, Maximum(Definition("eventRing"), "moderationMs"));
        Assert.Equal(ProfileFileFormat.MaxChannelNumber, Maximum(Definition("channel"), "number"));
        Assert.Equal(
            ProfileFileFormat.MaxElements,
            Definition("channel").GetProperty("properties").GetProperty("elements").GetProperty("enum").EnumerateArray().Last().GetInt32());
    }

    private static JsonElement Read()
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Repository", "profile.schema.json")));
        return document.RootElement.Clone();
    }

    private static JsonElement Definition(string name) => s_schema.GetProperty("definitions").GetProperty(name);

    private static JsonElement.ObjectEnumerator Properties(JsonElement schema) => schema.GetProperty("properties").EnumerateObject();

    private static IEnumerable<string?> Words(JsonElement schema, string property) =>
        schema.GetProperty("properties").GetProperty(property).GetProperty("enum").EnumerateArray().Select(word => word.GetString());

    private static int Maximum(JsonElement schema, string property) =>
        schema.GetProperty("properties").GetProperty(property).GetProperty("maximum").GetInt32();
}
