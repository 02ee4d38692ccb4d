using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Pci;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class SourceFunctionTests
{
    private const int BufferLength = 32768;
    private const uint Ieot = RingElement.EndOfTransferFlag;

    private readonly SourceFunction _function = new();
    private readonly PacketDownlink _downlink = new();

    [Theory]
    [InlineData("1", "1")]
    [InlineData("21\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n")]
    [InlineData("20\r\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10")]
    public void Number_IsAnsweredWithSoManyBytes(string request, string answer) => Assert.Equal(answer, Ask(request));

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("0")]
    [InlineData("1048577")]
    [InlineData("99999999999")]
    [InlineData("-1")]
    [InlineData("1 2")]
    [InlineData("AT\r")]
    public void AnythingElse_IsAnsweredWithWhatToAskFor(string request) =>
        Assert.Equal("Ask for 1 to 1048576 bytes by a decimal number.\n", Ask(request));

    [Fact]
    public void LongestAnswer_CountsToItsEnd()
    {
        string answer = Ask("1048576");

        Assert.Equal(SourceFunction.MaxLength, answer.Length);
        string[] lines = answer.Split('\n');
        Assert.Equal(Enumerable.Range(1, lines.Length - 1).Select(number => number.ToString(CultureInfo.InvariantCulture)), lines[..^1]);
    }

    [Fact]
    public void HostWithoutBuffers_KeepsItsRequest()
    {
        _downlink.CanSend = false;

        Assert.False(_function.OnUplink("5"u8, _downlink));
    }

    [Fact]
    public void AnswerLongerThanTheBuffers_OverflowsIntoTheNext_AndEndsInEndOfTransfer()
    {
        using TestHost host = TestHost.PoweredUp(new Dictionary<string, ChannelFunction> { ["LOOPBACK"] = _function });
        TestRing up = host.Start(TestHost.LoopbackUp);
        TestRing down = host.Start(TestHost.LoopbackDown);
        DmaRegion buffer = host.Buffer(new byte[4 * BufferLength]);
        ulong[] elements =
        [
            .. Enumerable.Range(0, 4).Select(index => down.Queue(
                RingElement.Transfer(buffer.BusAddress + (ulong)(index * BufferLength), BufferLength, Ieot))),
        ];
        down.RingDoorbell();

        ulong request = up.Queue(RingElement.Transfer(host.Buffer("100000\n"u8.ToArray()).BusAddress, 7, Ieot));
        up.RingDoorbell();
        _ = host.Step();

        AssertEvents.Equal(
            host.EventRings[0].Take(),
            RingElement.TransferEvent(request, CompletionCode.EndOfTransfer, 7, TestHost.LoopbackUp),
            RingElement.TransferEvent(elements[0], CompletionCode.Overflow, BufferLength, TestHost.LoopbackDown),
            RingElement.TransferEvent(elements[1], CompletionCode.Overflow, BufferLength, TestHost.LoopbackDown),
            RingElement.TransferEvent(elements[2], CompletionCode.Overflow, BufferLength, TestHost.LoopbackDown),
            RingElement.TransferEvent(elements[3], CompletionCode.EndOfTransfer, 1696, TestHost.LoopbackDown));
        Assert.Equal(Ask("100000"), Encoding.ASCII.GetString(buffer.Memory.Slice(0, 100_000)));
    }

    private string Ask(string request)
    {
        Assert.True(_function.OnUplink(Encoding.ASCII.GetBytes(request), _downlink));
        return Encoding.ASCII.GetString(_downlink.Packets[^1]);
    }
}
