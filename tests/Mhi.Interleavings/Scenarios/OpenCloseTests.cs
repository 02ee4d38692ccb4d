using Mhi.Interleavings.Subjects;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

public class OpenCloseTests(ITestOutputHelper output)
{
    [Fact]
    public void Open_TwoAtOnce_OneStartsAndBothWork()
    {
        Explore.All(output, 2, Bed.Scenario(new BedOptions(), static bed =>
        {
            UciHandle? first = null;
            UciHandle? second = null;
            bed.Execution.Race(("first", () => first = bed.Open()), ("second", () => second = bed.Open()));
            Assert.Equal(1, bed.Device.Starts);
            Assert.Equal(2, bed.Node.Counters.OpenHandles);
            Assert.Equal(1, first!.Write([1]));
            Assert.Equal(1, second!.Write([2]));
            bed.Execution.Settle();
            Assert.Equal(2, bed.Device.Received.Count);
            bed.Close(first);
            bed.Close(second);
        }));
    }
}
