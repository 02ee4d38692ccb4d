using System;
using System.Linq;
using System.Reflection;
using Mhi.Generators.Tests.Infrastructure;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>What generated classes do when they run.</summary>
public sealed class GeneratedCodeTests
{
    private const string Content =
        """
        {
          "channels": [
            { "name": "LOOPBACK", "mtu": "0x1000", "description": "Echo \"quoted\"\n<&>\u0001\u2028." },
            { "name": "TELEMETRY", "mtu": 512, "direction": "downlink", "deliverEmptyPackets": true, "poolDepth": 4 },
            { "name": "LOG", "mtu": "0xffff", "direction": "uplink", "writePolicy": "eager" }
          ]
        }
        """;

    private const string User =
        """
        using System.Globalization;
        using Demo;
        using Mhi.Channels;

        internal static class User
        {
            public static string Entry(string index)
            {
                ChannelTableEntry entry = ChannelTable.Entries[int.Parse(index, CultureInfo.InvariantCulture)];
                return entry.ToString();
            }

            public static string Find(string name) => ChannelTable.TryFind(name, out ChannelTableEntry entry) ? entry.TypeName : "none";

            public static string Invoke(string name) =>
                ChannelTable.TryInvoke<Describe, string>(name, default, out string? result) ? result! : "none" + result;

            public static string Node(string controller) => LoopbackChannel.NodeName(controller);

            private readonly struct Describe : IChannelAction<string>
            {
                public string Invoke<T>()
                    where T : struct, IChannelDefinition =>
                    $"{T.Name} {T.Mtu} {T.Directions} {T.PoolDepth} {T.DeliverEmptyPackets} {T.WritePolicy}";
            }
        }
        """;

    private static readonly GeneratedAssembly s_assembly = GeneratedAssembly.Load(GeneratorHost.Run(Content), User);

    [Theory]
    [InlineData("0", "ChannelTableEntry { Name = LOOPBACK, Mtu = 4096, Directions = Both, PoolDepth = 0, DeliverEmptyPackets = False, WritePolicy = WholeMessage, TypeName = LoopbackChannel, Description = Echo \"quoted\"\n<&>\u0001\u2028. }")]
    [InlineData("1", "ChannelTableEntry { Name = TELEMETRY, Mtu = 512, Directions = Downlink, PoolDepth = 4, DeliverEmptyPackets = True, WritePolicy = WholeMessage, TypeName = TelemetryChannel, Description =  }")]
    [InlineData("2", "ChannelTableEntry { Name = LOG, Mtu = 65535, Directions = Uplink, PoolDepth = 0, DeliverEmptyPackets = False, WritePolicy = Eager, TypeName = LogChannel, Description =  }")]
    public void Entries_HoldTheFileInItsOrder(string index, string expected) => Assert.Equal(expected, s_assembly.Call("Entry", index));

    [Theory]
    [InlineData("LOOPBACK", "LoopbackChannel")]
    [InlineData("LOG", "LogChannel")]
    [InlineData("loopback", "none")]
    [InlineData("", "none")]
    public void TryFind_ByName_IsOrdinal(string name, string expected) => Assert.Equal(expected, s_assembly.Call("Find", name));

    [Theory]
    [InlineData("LOOPBACK", "LOOPBACK 4096 Both 0 False WholeMessage")]
    [InlineData("TELEMETRY", "TELEMETRY 512 Downlink 4 True WholeMessage")]
    [InlineData("LOG", "LOG 65535 Uplink 0 False Eager")]
    [InlineData("DUN", "none")]
    public void TryInvoke_ByName_RunsTheActionWithItsDefinition(string name, string expected) =>
        Assert.Equal(expected, s_assembly.Call("Invoke", name));

    [Fact]
    public void NodeName_OfAController_IsTheNameInDev() =>
        Assert.Equal("mhi_0000:01:00.0_LOOPBACK", s_assembly.Call("Node", "0000:01:00.0"));

    [Theory]
    [InlineData("Demo.LoopbackChannel", true, true)]
    [InlineData("Demo.TelemetryChannel", false, true)]
    [InlineData("Demo.LogChannel", true, false)]
    public void Class_OfADirection_HasNoMemberOfTheOther(string name, bool writes, bool reads)
    {
        Type type = s_assembly.Type(name);

        Assert.Equal(writes, type.GetMember("TryWrite").Length > 0);
        Assert.Equal(writes, type.GetMember("WriteAsync").Length > 0);
        Assert.Equal(reads, type.GetMember("TryRead").Length > 0);
        Assert.Equal(reads, type.GetMember("ReadAsync").Length > 0);
        Assert.True(type.IsSealed);
        Assert.Empty(type.GetConstructors(BindingFlags.Public | BindingFlags.Instance));
    }

    [Theory]
    [InlineData("public", true)]
    [InlineData("internal", false)]
    public void Accessibility_AppliesToClassesAndTable(string accessibility, bool expected)
    {
        string content = $$"""{ "accessibility": "{{accessibility}}", "channels": [ { "name": "A", "mtu": 1 } ] }""";
        GeneratedAssembly assembly = GeneratedAssembly.Load(GeneratorHost.Run(content), string.Empty);

        Assert.All(new[] { "Demo.AChannel", "Demo.ChannelTable" }, name => Assert.Equal(expected, assembly.Type(name).IsPublic));
    }

    [Fact]
    public void Table_Of128Channels_FindsEachOfThem()
    {
        string[] names = [.. Enumerable.Range(1, 128).Select(number => $"CHANNEL_{number}")];
        string entries = string.Join(", ", names.Select(name => $$"""{ "name": "{{name}}", "mtu": 64 }"""));
        GeneratedAssembly assembly = GeneratedAssembly.Load(
            GeneratorHost.Run($$"""{ "channels": [ {{entries}} ] }"""),
            """
            internal static class User
            {
                public static string Find(string name) =>
                    Demo.ChannelTable.TryFind(name, out Mhi.Channels.ChannelTableEntry entry) ? entry.Name : "none";
            }
            """);

        Assert.All(names, name => Assert.Equal(name, assembly.Call("Find", name)));
    }
}
