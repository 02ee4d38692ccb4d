using System.Text;
using Mhi.Gateway.At;
using Xunit;

namespace Mhi.Gateway.Tests.At;

public sealed class AtScreenTests
{
    private const string Erase = "\r\x1b[K";

    private readonly AtScreen _screen = new();

    [Fact]
    public void OnReceived_OfEchoAndAnswer_ShowsTheAnswerAndThePrompt()
    {
        _screen.ShowPrompt();
        _screen.OnSend("AT\r");

        Assert.Equal("OK\nat> ", Receive("AT\r\r\nOK\r\n"));
    }

    [Fact]
    public void OnReceived_OfEchoInPieces_LeavesAllOfItOut()
    {
        _screen.OnSend("ATI\r");

        Assert.Equal("", Receive("A"));
        Assert.Equal("", Receive("TI"));
        Assert.Equal("Model: X\n", Receive("\r\r\nModel: X\r\n"));
        Assert.Equal("OK\nat> ", Receive("\r\nOK\r\n"));
    }

    [Fact]
    public void OnReceived_WithoutEcho_ShowsEverything()
    {
        _screen.OnSend("AT\r");

        Assert.Equal("OK\nat> ", Receive("\r\nOK\r\n"));
    }

    [Fact]
    public void OnReceived_OfAMessageTheModemSendsByItself_TakesThePlaceOfThePrompt()
    {
        _screen.ShowPrompt();

        Assert.Equal(Erase + "RING\nat> ", Receive("\r\nRING\r\n"));
    }

    [Fact]
    public void OnReceived_OfPartOfALine_ShowsItAtOnce()
    {
        _screen.OnSend("AT\r");
        Receive("AT\r");

        Assert.Equal("+CS", Receive("\r\n+CS"));
        Assert.Equal("Q: 1\nOK\nat> ", Receive("Q: 1\r\n\r\nOK\r\n"));
    }

    private string Receive(string characters) => _screen.OnReceived(Encoding.Latin1.GetBytes(characters));
}
