using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

public sealed class EndpointLogTests
{
    [Fact]
    public void FindViolations_NamesEachWithItsLine() => Assert.Equal(
        ["""2: {"t":1.5,"ev":"mhi.violation","what":"PointerOutsideRing"}"""],
        EndpointLog.FindViolations(
        [
            """{"t":1.0,"ev":"mhi.state","state":"READY"}""",
            """{"t":1.5,"ev":"mhi.violation","what":"PointerOutsideRing"}""",
            """{"t":2.0,"ev":"vfio.disconnect","why":"mhi.violation"}""",
        ]));
}
