using System.Linq;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>A channel that is reset without being asked, and a controller whose firmware fails and recovers.</summary>
[Trait("Category", "Slow")]
public class FailureTests(ITestOutputHelper output) : SearchTests(output, more: 0)
{
    private static readonly BedOptions s_full = new() { PoolDepth = 2, Holds = true };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receive_AsTheChannelIsReset_HasWhatArrivedAndThenTheReason(bool isAsync)
    {
        Explore(isAsync ? 1 : 2, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            byte[] first = [];
            bed.Execution.Race(("receiver", ReceiveTwice), ("device", SendAndBreak));
            Assert.Equal([1, 2], first);
            CloseAndOpenAgain(bed, handle);

            void ReceiveTwice()
            {
                first = Receive(bed, handle, isAsync);
                _ = Assert.Throws<UciChannelDownException>(() => Receive(bed, handle, isAsync));
            }

            void SendAndBreak()
            {
                bed.Device.Send(1, 2);
                bed.Device.Break();
            }
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receive_TwoAsTheChannelIsReset_BothEnd(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("first", () => Assert.Throws<UciChannelDownException>(() => Receive(bed, handle, isAsync))),
                ("second", () => Assert.Throws<UciChannelDownException>(() => Receive(bed, handle, isAsync))),
                ("device", bed.Device.Break));
            CloseAndOpenAgain(bed, handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteMessage_WaitingAsTheChannelIsReset_Ends(bool isAsync)
    {
        Explore(isAsync ? 1 : 2, Bed.Scenario(s_full, bed =>
        {
            UciHandle handle = bed.Open();
            handle.WriteMessage(new byte[8]);
            bed.Execution.Race(
                ("writer", () => Assert.Throws<UciChannelDownException>(() => WriteMessage(bed, handle, isAsync))),
                ("device", bed.Device.Break));
            Assert.Equal(8, bed.Node.Counters.DroppedBytes);
            CloseAndOpenAgain(bed, handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteMessage_TwoOfSeveralDescriptors_EachIsOnePacket(bool isAsync)
    {
        Explore(1, Bed.Scenario(s_full, bed =>
        {
            UciHandle handle = bed.Open();
            bed.Execution.Race(
                ("first", () => WriteMessage(bed, handle, isAsync)),
                ("second", () => WriteMessage(bed, handle, isAsync)),
                ("device", bed.Device.LetGo));
            bed.Execution.Settle();
            Assert.Equal([8, 8], bed.Device.Received.Select(static packet => packet.Length));
            bed.Close(handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_AsTheChannelIsReset_SaysSo(bool isAsync)
    {
        Explore(2, Bed.Scenario(s_full, bed =>
        {
            UciHandle handle = bed.Open();
            handle.WriteMessage(new byte[8]);
            UciPollEvents events = default;
            bed.Execution.Race(("poller", () => events = Poll(bed, handle, isAsync)), ("device", bed.Device.Break));
            Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, events);
            CloseAndOpenAgain(bed, handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_AsTheControllerFails_SaysSoAndTheChannelIsDownAfterTheRecovery(bool isAsync)
    {
        Explore(2, Bed.Scenario(s_full, bed =>
        {
            UciHandle handle = bed.Open();
            handle.WriteMessage(new byte[8]);
            UciPollEvents events = default;
            bed.Execution.Race(("poller", () => events = Poll(bed, handle, isAsync)), ("device", bed.Device.Crash));
            Assert.Equal(UciPollEvents.Error, events);
            Recover(bed);
            Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, handle.Poll());
            CloseAndOpenAgain(bed, handle);
        }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteMessage_AsTheControllerFails_SaysSo(bool isAsync)
    {
        Explore(isAsync ? 1 : 2, Bed.Scenario(s_full, bed =>
        {
            UciHandle handle = bed.Open();
            handle.WriteMessage(new byte[8]);
            bed.Execution.Race(
                ("writer", () => Assert.Equal((int)UciErrno.InputOutput, Assert.Throws<UciIOException>(() => WriteMessage(bed, handle, isAsync)).ErrorCode)),
                ("device", bed.Device.Crash));
            Recover(bed);
            CloseAndOpenAgain(bed, handle);
        }));
    }

    // A read waits through the error: the device may be removed, or recover.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Receive_AsTheControllerFailsAndRecovers_EndsWithTheRecovery(bool isAsync)
    {
        Explore(isAsync ? 0 : 1, Bed.Scenario(new BedOptions(), bed =>
        {
            UciHandle handle = bed.Open();
            LogicalThread[] receiver = bed.Execution.RaceToRest(
                ("receiver", () => Assert.Throws<UciChannelDownException>(() => Receive(bed, handle, isAsync))),
                ("device", bed.Device.Crash));
            Assert.False(receiver[0].IsDone);
            bed.Execution.Race(("recovery", () => Recover(bed)));
            bed.Execution.Join(receiver);
            CloseAndOpenAgain(bed, handle);
        }));
    }

    private static void Recover(Bed bed) => bed.Wait(bed.Controller.PowerUpAsync(), "recovery");

    private static byte[] Receive(Bed bed, UciHandle handle, bool isAsync)
    {
        byte[] buffer = new byte[4];
        UciReceiveResult result = isAsync ? bed.Wait(handle.ReceiveAsync(buffer), "receive") : handle.Receive(buffer);
        return buffer[..result.Count];
    }

    private static void WriteMessage(Bed bed, UciHandle handle, bool isAsync)
    {
        if (isAsync)
        {
            bed.Wait(handle.WriteMessageAsync(new byte[8]), "write");
        }
        else
        {
            handle.WriteMessage(new byte[8]);
        }
    }

    private static UciPollEvents Poll(Bed bed, UciHandle handle, bool isAsync)
    {
        const UciPollEvents Wanted = UciPollEvents.In | UciPollEvents.Out;
        return isAsync ? bed.Wait(handle.PollAsync(Wanted), "poll") : handle.Poll(Wanted);
    }

    private static void CloseAndOpenAgain(Bed bed, UciHandle handle)
    {
        bed.Close(handle);
        bed.Device.LetGo();
        UciHandle next = bed.Open();
        Assert.Equal(4, next.Write(new byte[4]));
        next.Flush();
        bed.Device.Send(9);
        Assert.Equal([9], Receive(bed, next, isAsync: false));
        bed.Close(next);
    }
}
