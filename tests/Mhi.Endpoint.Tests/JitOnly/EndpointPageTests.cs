using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Functions;
using Mhi.Profiles;
using OwnFunction;
using Xunit;

namespace Mhi.Endpoint.Tests.JitOnly;

/// <summary>What docs/endpoint.md says is so, and what it offers to paste is the sample that the build compiles.</summary>
public sealed class EndpointPageTests
{
    private static readonly string s_page = File.ReadAllText(InOutput("endpoint.md"));

    [Theory]
    [InlineData("ChecksumFunction.cs")]
    [InlineData("Program.cs")]
    public void Example_IsTheSamplesFile(string file) =>
        Assert.Contains($"```csharp\n{File.ReadAllText(InOutput(file))}```\n", s_page, StringComparison.Ordinal);

    [Fact]
    public void ExampleFunction_AnswersWithTheSumOfThePacket()
    {
        var downlink = new PacketDownlink();

        Assert.True(new ChecksumFunction().OnUplink([1, 2, 255], downlink));

        Assert.Equal([2, 1, 0, 0], Assert.Single(downlink.Packets));
    }

    [Fact]
    public async Task ExampleProgram_ServesOneMachine()
    {
        string socket = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        Task program = Task.Run(() => typeof(ChecksumFunction).Assembly.EntryPoint!.Invoke(null, [new[] { socket }]));
        while (!program.IsCompleted && !await TryConnectAsync(socket))
        {
            await Task.Yield();
        }

        await program.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public void TableOfFunctions_NamesThemAll_AndWhereTheyUsuallyAnswer()
    {
        string section = s_page[s_page.IndexOf("\n## Functions", StringComparison.Ordinal)..];
        Dictionary<string, string> rows = Regex.Matches(section[..section.IndexOf("\n### ", StringComparison.Ordinal)], "^\\| `([a-z-]+)` \\| ([^|]*) \\|", RegexOptions.Multiline)
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value);

        Assert.Equal(KnownFunctions.Names, rows.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, string usual) in rows.Where(row => row.Value is not ("none" or "all others")))
        {
            Assert.All(usual.Split(", "), channel => Assert.Equal(name, KnownFunctions.UsualFor(channel)));
        }
    }

    [Fact]
    public void NumberOfProfiles_IsThatOfTheTable() =>
        Assert.Contains($"prints the {KnownProfiles.Ids.Length} there are", s_page, StringComparison.Ordinal);

    // A machine that comes and goes, once the socket is there.
    private static async Task<bool> TryConnectAsync(string path)
    {
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string InOutput(string file) => Path.Combine(AppContext.BaseDirectory, "Page", file);
}
