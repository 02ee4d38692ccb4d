using Mhi.Generators.Tests.Infrastructure;
using Mhi.Generators.Validation;
using Xunit;

namespace Mhi.Generators.Tests;

/// <summary>From channel names to class names, and from project names to namespaces.</summary>
public sealed class NamingTests
{
    [Theory]
    [InlineData("LOOPBACK", "LoopbackChannel")]
    [InlineData("QMI", "QmiChannel")]
    [InlineData("IP_HW0_MBIM", "IpHw0MbimChannel")]
    [InlineData("QAIC_TIMESYNC_PERIODIC", "QaicTimesyncPeriodicChannel")]
    [InlineData("DUN2", "Dun2Channel")]
    [InlineData("DATA_5G", "Data5gChannel")]
    [InlineData("myData", "MyDataChannel")]
    [InlineData("MyDATA_x", "MyDATAXChannel")]
    [InlineData("A", "AChannel")]
    [InlineData("_A__B_", "ABChannel")]
    [InlineData("QAIC-log.v2", "QaicLogV2Channel")]
    [InlineData("CHANNEL", "ChannelChannel")]
    public void ClassName_OfAChannel_IsPascalCase(string name, string className)
    {
        Assert.Equal(className, ChannelNames.ClassName(name));
        Assert.Equal([className], GeneratorHost.Run($$"""{ "channels": [ { "name": "{{name}}", "mtu": 1 } ] }""").ClassNames());
    }

    [Theory]
    [InlineData(null, "Mhi.Generated")]
    [InlineData("", "Mhi.Generated")]
    [InlineData(" ", "Mhi.Generated")]
    [InlineData("Acme.Modem", "Acme.Modem")]
    [InlineData("my-modem", "my_modem")]
    [InlineData("5g.tools", "_5g.tools")]
    [InlineData("Acme.class", "Acme._class")]
    [InlineData("Acme..X", "Acme._.X")]
    public void Namespace_OfAFileThatNamesNone_ComesFromTheProject(string? rootNamespace, string expected)
    {
        Assert.Equal(
            [$"{expected}.AChannel.g.cs", $"{expected}.ChannelTable.g.cs"],
            GeneratorHost.Run(rootNamespace, new ChannelFile("""{ "channels": [ { "name": "A", "mtu": 1 } ] }""")).HintNames());
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("0065535", 65535)]
    [InlineData("0x1000", 4096)]
    [InlineData("0X00fFfF", 65535)]
    [InlineData("-0x10", -16)]
    [InlineData("9223372036854775808", long.MaxValue)]
    public void Mtu_InEitherNotation_IsRead(string text, long expected)
    {
        Assert.True(MtuText.TryParse(text, out long value));
        Assert.Equal(expected, value);
    }
}
