using System;
using Mhi.Pci;
using Xunit;

namespace Mhi.Runtime.Tests.Pci;

public sealed class PciAddressTests
{
    [Theory]
    [InlineData("0000:01:00.0", "0000:01:00.0")]
    [InlineData("01:00.0", "0000:01:00.0")]
    [InlineData("ffff:ff:1f.7", "ffff:ff:1f.7")]
    [InlineData("10001:E1:02.3", "10001:e1:02.3")]
    public void TryParse_OfAnAddress_ReadsIt(string text, string written)
    {
        Assert.True(PciAddress.TryParse(text, out PciAddress address));
        Assert.Equal(written, address.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("01:00")]
    [InlineData("1:00.0")]
    [InlineData("01:00.8")]
    [InlineData("01:20.0")]
    [InlineData("01:00.00")]
    [InlineData("001:01:00.0")]
    [InlineData("0000:01:00.0 ")]
    [InlineData("0000:0x:00.0")]
    [InlineData("123456789:01:00.0")]
    [InlineData("0000:0000:01:00.0")]
    [InlineData("../../etc.0")]
    public void TryParse_OfAnythingElse_Refuses(string? text) => Assert.False(PciAddress.TryParse(text, out _));

    [Fact]
    public void TryFormat_IntoTooLittleRoom_Refuses()
    {
        Span<char> room = stackalloc char[12];
        var address = new PciAddress(0, 1, 2, 3);

        Assert.True(address.TryFormat(room, out int written, default, null));
        Assert.Equal("0000:01:02.3", room[..written].ToString());
        Assert.False(address.TryFormat(room[..11], out _, default, null));
    }
}
