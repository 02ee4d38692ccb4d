using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

public sealed class EndpointLogTests
{
    private const string Ready = """{"t":1.0,"ev":"mhi.state","state":"READY"}""";
    private const string OutsideRing = """{"t":1.5,"ev":"mhi.violation","what":"PointerOutsideRing"}""";
    private const string Disconnect = """{"t":2.0,"ev":"vfio.disconnect","why":"mhi.violation"}""";

    [Fact]
    public void FindViolations_NamesEachWithItsLine() =>
        Assert.Equal(["2: " + OutsideRing], EndpointLog.FindViolations([Ready, OutsideRing, Disconnect]));

    [Theory]
    [InlineData("""{"t":1.5,"ev":"mhi.cmd","cmd":"START","ch":32,"ptr":"0x1000","code":3}""")]
    [InlineData("""{"t":1.5,"ev":"mhi.event_ring","i":1,"ok":false}""")]
    [InlineData("""{"t":1.5,"ev":"vfio.error","command":2,"err":22}""")]
    public void FindViolations_WhenDeviceRefused_NamesTheLine(string line) =>
        Assert.Equal(["1: " + line], EndpointLog.FindViolations([line, Ready]));

    [Theory]
    [InlineData("""{"t":1.5,"ev":"mhi.cmd","cmd":"START","ch":32,"ptr":"0x1000","code":1}""")]
    [InlineData("""{"t":1.5,"ev":"mhi.event_ring","i":1,"ok":true}""")]
    public void FindViolations_WhenDeviceDidAsTold_IsEmpty(string line) => Assert.Empty(EndpointLog.FindViolations([line]));

    [Fact]
    public void FindViolations_WhenProvoked_LeavesOutAsManyAsNamed()
    {
        Assert.Empty(EndpointLog.FindViolations([OutsideRing], "PointerOutsideRing"));
        Assert.Equal(["2: " + OutsideRing], EndpointLog.FindViolations([OutsideRing, OutsideRing], "PointerOutsideRing"));
    }

    [Fact]
    public void FindViolations_WhenProvokedOneIsMissing_SaysSo() =>
        Assert.Equal(["ImageRefused did not happen."], EndpointLog.FindViolations([Ready], "ImageRefused"));
}
