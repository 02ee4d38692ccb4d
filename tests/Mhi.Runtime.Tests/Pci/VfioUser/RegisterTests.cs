using System;
using System.Linq;
using System.Threading;
using Mhi.Controller;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser;
using Mhi.Pci.VfioUser.Protocol;
using Xunit;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Runtime.Tests.Pci.VfioUser;

/// <summary>Registers behind messages, and what becomes of them when the server misbehaves.</summary>
public sealed class RegisterTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly ScriptedServer _server = new();
    private readonly ManualResetEventSlim _gate = new();

    [Fact]
    public void Writes_ArePosted_AndAReadSeesThem()
    {
        using VfioUserFunction function = _server.Open();
        for (uint i = 0; i < 100; i++)
        {
            function.Registers.Write(0x58, i);
        }

        Assert.Equal(99u, function.Registers.Read(0x58));
        var writes = _server.SeenOf(VfioUserCommand.RegionWrite).Where(write => Word(write.Payload, 8) == BarRegion).ToArray();
        Assert.Equal(100, writes.Length);
        Assert.All(writes, write => Assert.False(write.Header.WantsReply));
        Assert.Equal(Enumerable.Range(0, 100), writes.Select(write => (int)Word(write.Payload, 16)));
    }

    [Fact]
    public void ReadThatIsRefused_IsAllOnes_AndTheDeviceStays()
    {
        using VfioUserFunction function = _server.Open();
        _server.Refuse = command => command == VfioUserCommand.RegionRead ? 22u : 0;
        Assert.Equal(uint.MaxValue, function.Registers.Read(0x48));
        _server.Refuse = _ => 0;

        Assert.Equal(0u, function.Registers.Read(0x48));
        Assert.Null(function.CheckAlarms());
    }

    [Theory]
    [InlineData(16, "offset")]
    [InlineData(24, "region")]
    [InlineData(28, "count")]
    public void ReadWhoseAnswerIsAboutSomethingElse_EndsTheConnection(int place, string field)
    {
        using VfioUserFunction function = _server.Open();
        _server.Spoil = (answer, _) =>
        {
            answer[place] ^= 8;
            return answer;
        };

        AssertLost(function, "The server at 'script' answered REGION_READ with 20 bytes that are no answer to it.");
        Assert.NotEmpty(field);
    }

    [Fact]
    public void ReadWhoseAnswerIsShort_EndsTheConnection()
    {
        using VfioUserFunction function = _server.Open();
        _server.Spoil = (answer, _) =>
        {
            PutWord(answer, 4, (uint)answer.Length - 4);
            return answer[..^4];
        };

        AssertLost(function, "The server at 'script' answered REGION_READ with 16 bytes that are no answer to it.");
    }

    [Fact]
    public void ReadThatIsNeverAnswered_EndsTheConnection()
    {
        using VfioUserFunction function = _server.Open(new VfioUserOptions { ReplyTimeout = TimeSpan.FromMilliseconds(300) });
        _server.Spoil = (_, _) => null;

        AssertLost(function, "The server at 'script' has not answered REGION_READ for 300 ms.");
    }

    [Fact]
    public void AnswerThatNobodyWaitsFor_EndsTheConnection()
    {
        using VfioUserFunction function = _server.Open();
        _server.SendRaw([1, 0, 9, 0, 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);

        AwaitAlarm(function, "The server at 'script' sent a reply 1 to REGION_READ, which nobody waits for.");
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 9, 0, 15, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 }, "announced a message of 15 bytes")]
    [InlineData(new byte[] { 1, 0, 9, 0, 0, 0, 0, 64, 1, 0, 0, 0, 0, 0, 0, 0 }, "announced a message of 1073741824 bytes")]
    [InlineData(new byte[] { 1, 0, 9, 0, 16, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0 }, "sent a message of type 2")]
    public void MessageThatIsNone_EndsTheConnection(byte[] bytes, string sentence)
    {
        using VfioUserFunction function = _server.Open();
        _server.SendRaw(bytes);

        AwaitAlarm(function, sentence);
    }

    [Fact]
    public void ServerThatHangsUp_WakesWhoeverWaitsForTheAlarm()
    {
        using VfioUserFunction function = _server.Open();
        _server.HangUp();

        AwaitAlarm(function, "The server at 'script' has ended the connection. Start it again, then open the device anew.");
    }

    [Fact]
    public void ServerThatReadsNothing_DoesNotKeepTheWriter()
    {
        using VfioUserFunction function = _server.Open(new VfioUserOptions { ReplyTimeout = TimeSpan.FromMilliseconds(300) });
        _server.Before = _ => _gate.Wait(s_limit);
        for (uint i = 0; i < 100_000 && function.CheckAlarms() is null; i++)
        {
            function.Registers.Write(0x58, i);
        }

        Assert.Contains("has taken no message for 5 s", function.CheckAlarms()?.Message, StringComparison.Ordinal);
        Assert.Equal(uint.MaxValue, function.Registers.Read(0x58));
        _gate.Set();
    }

    [Fact]
    public void Reset_IsDeviceResetWhereServed()
    {
        using VfioUserFunction function = _server.Open();
        function.SetBusMaster(true);
        function.Reset();

        Assert.Single(_server.SeenOf(VfioUserCommand.DeviceReset));
        Assert.Equal(2, _server.Config[4]);
    }

    [Fact]
    public void Reset_IsFunctionLevelResetOtherwise()
    {
        _server.DeviceFlags = 2;
        PutPciExpress(0x1000_0000);
        using VfioUserFunction function = _server.Open();
        function.Reset();

        Assert.Empty(_server.SeenOf(VfioUserCommand.DeviceReset));
        Assert.Equal([0x10, 0xa8], _server.Config[0x78..0x7a]);
    }

    [Fact]
    public void Reset_WhereThereIsNone_IsSaid()
    {
        _server.DeviceFlags = 2;
        PutPciExpress(0);
        using VfioUserFunction function = _server.Open();

        Assert.Equal(MhiErrorCode.NotSupported, Assert.Throws<MhiException>(function.Reset).Code);
    }

    [Fact]
    public void CapabilityListThatGoesInCircles_IsReadOnce()
    {
        _server.DeviceFlags = 2;
        PutPciExpress(0);
        _server.Config[0x40] = 1;
        _server.Config[0x41] = 0x40;
        using VfioUserFunction function = _server.Open();

        Assert.Equal(MhiErrorCode.NotSupported, Assert.Throws<MhiException>(function.Reset).Code);
    }

    [Fact]
    public void Detach_EndsTheConnectionAtOnce()
    {
        using VfioUserFunction function = _server.Open();
        function.Detach();

        Assert.Equal(uint.MaxValue, function.Registers.Read(0));
        Assert.Equal("The server at 'script' was let go.", function.CheckAlarms()?.Message);
    }

    public void Dispose()
    {
        _server.Dispose();
        _gate.Dispose();
    }

    // Power management at 0x40, then PCI Express at 0x70 with device control 0x2810.
    private void PutPciExpress(uint deviceCapabilities)
    {
        _server.Config[6] = 0x10;
        _server.Config[0x34] = 0x40;
        _server.Config[0x40] = 1;
        _server.Config[0x41] = 0x70;
        _server.Config[0x70] = 0x10;
        PutWord(_server.Config, 0x74, deviceCapabilities);
        PutWord(_server.Config, 0x78, 0x2810);
    }

    private static void AssertLost(VfioUserFunction function, string reason)
    {
        Assert.Equal(uint.MaxValue, function.Registers.Read(0x48));
        Assert.Equal(reason, function.CheckAlarms()?.Message);
        Assert.Equal(uint.MaxValue, function.Registers.Read(0x48));
        Assert.Equal(MhiErrorCode.DeviceRemoved, function.CheckAlarms()?.Code);
        function.Registers.Write(0x48, 1);
        function.SetBusMaster(false);
        Assert.Throws<MhiException>(() => function.SetBusMaster(true));
        Assert.Throws<MhiException>(() => function.AllocateDma(1, 1));
        Assert.Throws<MhiException>(function.Reset);
    }

    private static void AwaitAlarm(VfioUserFunction function, string sentence)
    {
        var alarm = new EventFdSet(function.Alarms);
        Assert.True(alarm.Wait((int)s_limit.TotalMilliseconds), "nobody was alarmed");
        MhiFailure? failure = function.CheckAlarms();
        Assert.Equal(MhiErrorCode.DeviceRemoved, failure?.Code);
        Assert.Contains(sentence, failure!.Message, StringComparison.Ordinal);
        Assert.Equal(uint.MaxValue, function.Registers.Read(0));
    }
}
