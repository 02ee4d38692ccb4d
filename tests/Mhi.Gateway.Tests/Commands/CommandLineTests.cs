using System;
using System.CommandLine;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Devices;
using Xunit;

namespace Mhi.Gateway.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("4096", 4096)]
    [InlineData("65535", 65535)]
    [InlineData("0x1000", 4096)]
    [InlineData("0XFFFF", 65535)]
    public void Size_InRange_IsTaken(string text, int expected)
    {
        ParseResult parsed = CommandLine.Parse(["loopback", "--size", text]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(expected, parsed.GetValue<int?>("--size"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("0x")]
    [InlineData("0x10000")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public void Size_OutOfRange_IsRefused(string text) =>
        AssertRefused(["loopback", "--size", text], $"--size must be a number of bytes from 1 to 65535, not '{text}'.");

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("9223372036854775808")]
    public void Count_OutOfRange_IsRefused(string text) =>
        AssertRefused(["loopback", "--count", text], $"--count must be a number of packets, at least 1, not '{text}'.");

    [Theory]
    [InlineData("0")]
    [InlineData("4097")]
    [InlineData("one")]
    public void Window_OutOfRange_IsRefused(string text) =>
        AssertRefused(["loopback", "--window", text], $"--window must be a number of packets from 1 to 4096, not '{text}'.");

    [Theory]
    [InlineData("1", 1)]
    [InlineData("3600000", 3_600_000)]
    public void IdleTime_InRange_IsTaken(string text, int milliseconds)
    {
        ParseResult parsed = CommandLine.Parse(["endpoint", "--vfio-user", "x", "--idle-time", text]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), parsed.GetValue<TimeSpan?>("--idle-time"));
    }

    [Fact]
    public void IdleTime_LeftOut_IsNone()
    {
        ParseResult parsed = CommandLine.Parse(["endpoint", "--vfio-user", "x"]);

        Assert.Empty(parsed.Errors);
        Assert.Null(parsed.GetValue<TimeSpan?>("--idle-time"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3600001")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1s")]
    [InlineData("")]
    public void IdleTime_OutOfRange_IsRefused(string text) =>
        AssertRefused(
            ["endpoint", "--vfio-user", "x", "--idle-time", text],
            $"--idle-time must be a number of milliseconds from 1 to 3600000, not '{text}'; leave it out for a device that never rests.");

    [Theory]
    [InlineData("2", 2)]
    [InlineData("0.25", 0.25)]
    [InlineData(".5", 0.5)]
    public void Duration_InRange_IsTaken(string text, double expected)
    {
        ParseResult parsed = CommandLine.Parse(["loopback", "--duration", text]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(TimeSpan.FromSeconds(expected), parsed.GetValue<TimeSpan?>("--duration"));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.00000001")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1000001")]
    [InlineData("1,5")]
    public void Duration_OutOfRange_IsRefused(string text) =>
        AssertRefused(
            ["loopback", "--duration", text], $"--duration must be a number of seconds above 0 and up to 1000000, such as 2.5, not '{text}'.");

    [Fact]
    public void Channel_ThatIsUnknown_ListsTheKnownOnes() =>
        AssertRefused(
            ["loopback", "--channel", "loopback"],
            "There is no channel 'loopback' in channels.json; it has LOOPBACK, DUN, DIAG, MBIM, QMI, IP_HW0_MBIM.");

    [Theory]
    [InlineData("loopback")]
    [InlineData("at")]
    [InlineData("nodes")]
    public void Device_ThatIsNoAddress_SaysWhatThereIs(string command) =>
        AssertRefused([command, "--device", "0000:01:00.0"], "--device must be emulated, vfio-user:PATH or vfio:DDDD:BB:DD.F, not '0000:01:00.0'.");

    [Theory]
    [InlineData("")]
    [InlineData("/a/path/that/is/too/long/for/a/socket/00000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void Device_WithoutAUsablePath_IsRefused(string path) =>
        AssertRefused(["at", "--device", "vfio-user:" + path], "--device vfio-user: needs the path of a socket, at most 107 bytes, such as vfio-user:/run/modem.sock.");

    [Theory]
    [InlineData("")]
    [InlineData("01:00")]
    [InlineData("0000:01:20.0")]
    [InlineData("0000:01:00.8")]
    [InlineData("/dev/vfio/1")]
    public void Device_WithoutAPciAddress_IsRefused(string text) => AssertRefused(
        ["at", "--device", "vfio:" + text],
        $"--device vfio: needs the PCI address of a function, such as vfio:0000:01:00.0, not '{text}'; `mhi list` prints those there are.");

    [Theory]
    [InlineData("emulated")]
    [InlineData("vfio-user:/run/modem.sock")]
    [InlineData("vfio-user:modem")]
    [InlineData("vfio:0000:01:00.0")]
    public void Device_ThatIsAnAddress_IsKept(string text)
    {
        ParseResult parsed = CommandLine.Parse(["loopback", "--device", text]);

        Assert.Empty(parsed.Errors);
        Assert.Equal(text, parsed.GetValue<DeviceAddress>("--device")!.ToString());
    }

    [Theory]
    [InlineData("--in")]
    [InlineData("--out")]
    public void File_WithoutName_IsRefused(string option) =>
        AssertRefused(["loopback", option, ""], $"{option} needs the name of a file, or - for the standard stream.");

    [Fact]
    public void Json_WithEchoOnStandardOutput_IsRefused() =>
        AssertRefused(["loopback", "--out", "-", "--json"], "--json and --out - both want standard output; give --out a file.");

    [Fact]
    public void Command_ThatIsUnknown_ListsTheKnownOnes() =>
        AssertRefused(["frob"], "There is no command 'frob'; the commands are loopback, at, list, bind, unbind, doctor, table, endpoint and nodes.");

    [Fact]
    public void EndpointStart_OfAnotherName_IsRefused() =>
        AssertRefused(["endpoint", "--vfio-user", "s", "--start", "sbl"], "--start must be amss or pbl, not 'sbl'.");

    [Theory]
    [InlineData("ab")]
    [InlineData("zz000000000000000000000000000000000000000000000000000000000000zz")]
    public void FirmwareHash_ThatIsNone_IsRefused(string text) => AssertRefused(
        ["endpoint", "--vfio-user", "s", "--start", "pbl", "--firmware-sha256", text],
        "--firmware-sha256 needs 64 hexadecimal digits, as sha256sum prints them.");

    [Fact]
    public void FirmwareHash_InMissionMode_IsRefused() => AssertRefused(
        ["endpoint", "--vfio-user", "s", "--firmware-sha256", new string('a', 64)],
        "--firmware-sha256 needs --start pbl: a device in mission mode downloads no image.");

    [Fact]
    public void NoCommand_SaysWhatThereIs() => AssertRefused([], "Say what to do: loopback, at, list, bind, unbind, doctor, table, endpoint or nodes.");

    [Fact]
    public void Option_ThatIsUnknown_IsNamed() =>
        AssertRefused(["loopback", "--frob"], "Unrecognized command or argument '--frob'.");

    [Fact]
    public void Argument_ThatNamesAResponseFile_IsNotExpanded() =>
        AssertRefused(["loopback", "@file"], "Unrecognized command or argument '@file'.");

    [Fact]
    public void Defaults_AreLoopbackAndDunOnTheEmulatedDevice()
    {
        ParseResult loopback = CommandLine.Parse(["loopback"]);
        ParseResult at = CommandLine.Parse(["at"]);

        Assert.Empty(loopback.Errors);
        Assert.Empty(at.Errors);
        Assert.Equal("LOOPBACK", loopback.GetValue<string>("--channel"));
        Assert.Same(DeviceAddress.EmulatedDevice, loopback.GetValue<DeviceAddress>("--device"));
        Assert.Equal("DUN", at.GetValue<string>("--channel"));
    }

    private static void AssertRefused(string[] args, string sentence)
    {
        ParseResult parsed = CommandLine.Parse(args);

        Assert.NotEmpty(parsed.Errors);
        Assert.Equal(sentence, CommandLine.FirstError(parsed));
    }
}
