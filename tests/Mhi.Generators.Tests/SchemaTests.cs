using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mhi.Generators.Tests.Infrastructure;
using Mhi.Generators.Validation;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>What the schema tells an editor is what the generator does.</summary>
public sealed class SchemaTests
{
    private static readonly JsonElement s_schema = Read("channels.schema.json");
    private static readonly JsonElement s_channel = s_schema.GetProperty("definitions").GetProperty("channel");

    [Fact]
    public void Properties_AreThoseTheParserKnows()
    {
        Assert.Equal(ChannelFileFormat.FileProperties, Names(s_schema));
        Assert.Equal(ChannelFileFormat.ChannelProperties, Names(s_channel));
    }

    [Fact]
    public void Objects_RejectUnknownProperties()
    {
        Assert.False(s_schema.GetProperty("additionalProperties").GetBoolean());
        Assert.False(s_channel.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void Properties_HaveADescriptionEach() => Assert.All(
        Properties(s_schema).Concat(Properties(s_channel)),
        property => Assert.EndsWith(".", property.Value.GetProperty("description").GetString(), StringComparison.Ordinal));

    [Fact]
    public void Required_AreThePropertiesTheGeneratorAsksFor()
    {
        Assert.Equal(["channels"], Strings(s_schema.GetProperty("required")));
        Assert.Equal(["name", "mtu"], Strings(s_channel.GetProperty("required")));
        Assert.Equal(["MHI0006"], GeneratorHost.Run("{}").Ids());
        Assert.Equal(["MHI0009", "MHI0009"], GeneratorHost.Run("""{ "channels": [ {} ] }""").Ids());
    }

    [Fact]
    public void Words_AreThoseTheValidatorKnows_AndTheFirstIsTheDefault()
    {
        Verify(Property(s_schema, "accessibility"), ChannelFileFormat.Accessibilities);
        Verify(Property(s_channel, "direction"), ChannelFileFormat.Directions);
        Verify(Property(s_channel, "writePolicy"), ChannelFileFormat.WritePolicies);

        static void Verify(JsonElement property, IEnumerable<string> words)
        {
            Assert.Equal(words, Strings(property.GetProperty("enum")));
            Assert.Equal(words.First(), property.GetProperty("default").GetString());
        }
    }

    [Fact]
    public void Limits_AreThoseOfTheValidator()
    {
        Assert.Equal(ChannelFileFormat.MaxChannels, Property(s_schema, "channels").GetProperty("maxItems").GetInt32());
        Assert.Equal(1, Property(s_schema, "channels").GetProperty("minItems").GetInt32());
        Assert.Equal(ChannelFileFormat.MaxNameLength, Property(s_channel, "name").GetProperty("maxLength").GetInt32());
        Assert.Equal(1, Property(s_channel, "poolDepth").GetProperty("minimum").GetInt32());
        Assert.Equal(ChannelFileFormat.MaxPoolDepth, Property(s_channel, "poolDepth").GetProperty("maximum").GetInt32());
        JsonElement number = Property(s_channel, "mtu").GetProperty("oneOf")[0];
        Assert.Equal(1, number.GetProperty("minimum").GetInt32());
        Assert.Equal(ChannelFileFormat.MaxMtu, number.GetProperty("maximum").GetInt32());
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0")]
    [InlineData("65535")]
    [InlineData("65536")]
    [InlineData("70000")]
    [InlineData("99999")]
    [InlineData("000059999")]
    [InlineData("0x")]
    [InlineData("0x0")]
    [InlineData("0x0001")]
    [InlineData("0XFFFF")]
    [InlineData("0x10000")]
    [InlineData("-1")]
    [InlineData("12k")]
    [InlineData("")]
    public void MtuPattern_AcceptsWhatTheGeneratorTakesUnchanged(string mtu)
    {
        string pattern = Property(s_channel, "mtu").GetProperty("oneOf")[1].GetProperty("pattern").GetString()!;

        Assert.Equal(
            MtuText.TryParse(mtu, out long value) && value is >= 1 and <= ChannelFileFormat.MaxMtu,
            Regex.IsMatch(mtu, pattern));
    }

    [Theory]
    [InlineData("LOOPBACK")]
    [InlineData("IP_HW0_MBIM")]
    [InlineData("QAIC-log.v2")]
    [InlineData("_A")]
    [InlineData("5G")]
    [InlineData("_5G")]
    [InlineData("..")]
    [InlineData("A/B")]
    [InlineData("A B")]
    [InlineData("Ä")]
    public void NamePattern_AcceptsWhatTheGeneratorAccepts(string name) => Assert.Equal(
        GeneratorHost.Run($$"""{ "channels": [ { "name": "{{name}}", "mtu": 1 } ] }""").Diagnostics.IsEmpty,
        Regex.IsMatch(name, Property(s_channel, "name").GetProperty("pattern").GetString()!));

    [Fact]
    public void RepositoryTable_PointsToTheSchemaAndIsValid()
    {
        Assert.Equal("channels.schema.json", Read("channels.json").GetProperty("$schema").GetString());

        GeneratorRunResult result = GeneratorHost.Run(File.ReadAllText(PathOf("channels.json")));

        Assert.Empty(result.Diagnostics);
        Assert.Equal(["LoopbackChannel", "DunChannel"], result.ClassNames().Take(2));
        Assert.Contains("public const int Mtu = 0x1000;", result.Source("Demo.LoopbackChannel.g.cs"), StringComparison.Ordinal);
        Assert.Contains("public const int Mtu = 0x1000;", result.Source("Demo.DunChannel.g.cs"), StringComparison.Ordinal);
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Repository", file);

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(PathOf(file))).RootElement;

    private static JsonElement Property(JsonElement type, string name) => type.GetProperty("properties").GetProperty(name);

    private static JsonElement.ObjectEnumerator Properties(JsonElement type) => type.GetProperty("properties").EnumerateObject();

    private static IEnumerable<string> Names(JsonElement type) => Properties(type).Select(property => property.Name);

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(item => item.GetString()!);
}
