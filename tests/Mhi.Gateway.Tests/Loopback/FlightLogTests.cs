using Mhi.Gateway.Loopback;
using Xunit;

namespace Mhi.Gateway.Tests.Loopback;

public sealed class FlightLogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(FlightLog.LargestWindow)]
    public void WaitForRoom_HasRoomForTheWindowAndNoMore(int window)
    {
        var flights = new FlightLog(window);
        var state = new TransferState();
        for (int i = 1; i <= window; i++)
        {
            Assert.True(flights.WaitForRoom(state));
            flights.Add(new Flight(i, SentAt: 0));
        }

        state.End();
        Assert.False(flights.WaitForRoom(state));
        Assert.True(flights.TryPeek(out Flight oldest));
        Assert.Equal(1, oldest.End);

        flights.Remove();
        Assert.True(flights.WaitForRoom(state));
    }
}
