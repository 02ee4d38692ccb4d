using System;
using System.IO;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;
using Xunit;

namespace Mhi.Gateway.Tests.Commands;

public sealed class ErrorReportTests
{
    [Fact]
    public void Sentence_OfAKnownError_IsItsMessage() =>
        Assert.Equal("The link is down.", ErrorReport.Sentence(new MhiException("The link is down.")));

    [Fact]
    public void Sentence_OverSeveralLines_BecomesOneLine() =>
        Assert.Equal("One two.", ErrorReport.Sentence(new GatewayException("One\ntwo.\n")));

    [Fact]
    public void Sentence_OfAnythingElse_SaysHowToLearnMore() =>
        Assert.Equal(
            "Unexpected InvalidOperationException: Odd. Set MHI_DEBUG=1 in the environment to see where it came from.",
            ErrorReport.Sentence(new InvalidOperationException("Odd.")));

    [Theory]
    [InlineData(28, "No space left on device : '/x'", "no space is left on its device")]
    [InlineData(5, "Input/output error", "the device behind it reported an I/O error")]
    [InlineData(32, "Broken pipe", "its reader has closed it")]
    [InlineData(26, "Text file busy : '/x/y'", "Text file busy")]
    public void Reason_OfAnErrorNumber_IsPlain(int number, string message, string expected) =>
        Assert.Equal(expected, IoFault.Reason(new IOException(message, number)));
}
