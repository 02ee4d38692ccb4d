using Mhi.Gateway.At;
using Xunit;

namespace Mhi.Gateway.Tests.At;

public sealed class AtResultTests
{
    [Theory]
    [InlineData("OK")]
    [InlineData("ERROR")]
    [InlineData("+CME ERROR: 3")]
    [InlineData("+CME ERROR: operation not allowed")]
    [InlineData("+CMS ERROR: 500")]
    [InlineData("NO CARRIER")]
    [InlineData("CONNECT 115200")]
    [InlineData("0")]
    [InlineData("4")]
    public void IsFinal_OfAResultCode_IsTrue(string line) => Assert.True(AtResult.IsFinal(line));

    [Theory]
    [InlineData("RING")]
    [InlineData("+CSQ: 24,99")]
    [InlineData("OKAY")]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("001016000000013")]
    [InlineData("")]
    public void IsFinal_OfAnythingElse_IsFalse(string line) => Assert.False(AtResult.IsFinal(line));
}
