using System.Collections.Generic;
using System.Linq;
using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class EventRingTests
{
    private const uint Ieot = RingElement.EndOfTransferFlag;
    private const uint Bei = RingElement.BlockInterruptFlag;
    private const byte DiagUp = 4;
    private const int DiagRing = 1;

    [Fact]
    public void FullRing_HoldsWorkBack_AndNothingIsLost()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        TestEventRing events = host.EventRings[0];
        ulong buffer = host.Buffer(1).BusAddress;
        int sent = 0;
        for (int i = 0; i < 20; i++)
        {
            // The transfer ring has 31 usable elements; the event ring 127, never given back here.
            for (int j = 0; j < 15; j++)
            {
                _ = up.Queue(RingElement.Transfer(buffer, 1, Ieot));
                sent++;
            }

            up.RingDoorbell();
            _ = host.Step();
            if (function.Received.Count < sent)
            {
                break;
            }
        }

        // rp == wp: the element at the limit is not written.
        Assert.Equal(127, function.Received.Count);
        Assert.Equal(events.AddressOf(events.Position + 127), events.ReadPointer);
        Assert.Equal(127, events.Read().Count);

        events.Release();
        _ = host.Step();
        Assert.Equal(sent, function.Received.Count);
        Assert.Equal(sent - 127, events.Read().Count);
    }

    [Fact]
    public void FullRingOfOneChannel_DoesNotStopAnother()
    {
        using TestHost host = TestHost.PoweredUp(SilentDiag());
        TestRing diag = host.Start(DiagUp);
        ulong buffer = host.Buffer(1).BusAddress;
        for (int i = 0; i < 10; i++)
        {
            for (int j = 0; j < 15; j++)
            {
                _ = diag.Queue(RingElement.Transfer(buffer, 1, Ieot));
            }

            diag.RingDoorbell();
            _ = host.Step();
        }

        host.AssertEchoes();
        Assert.Equal(127, host.EventRings[DiagRing].Read().Count);
    }

    [Fact]
    public void BatchOfEvents_IsPublishedWhole_WithOneInterrupt()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        ulong buffer = host.Buffer(1).BusAddress;
        for (int i = 0; i < 20; i++)
        {
            _ = up.Queue(RingElement.Transfer(buffer, 1, Ieot));
        }

        long before = host.Endpoint.InterruptsRaised;
        up.RingDoorbell();
        _ = host.Modem.Poll();

        Assert.Equal(20, host.EventRings[0].Take().Count);
        Assert.Equal(before + 1, host.Endpoint.InterruptsRaised);
    }

    [Fact]
    public void Interrupt_GoesToTheVectorOfTheContext()
    {
        using var host = new TestHost();
        host.Program();
        EventContext context = host.DefaultEventContext(0);
        context.InterruptVector = 4;
        host.WriteEventContext(0, context);
        host.Function.Vectors[4].Arm();
        host.Function.Vectors[1].Arm();

        host.RequestState(MhiState.M0);
        _ = host.Step();

        Assert.True(host.Function.Vectors[4].Descriptor.Drain());
        Assert.False(host.Function.Vectors[1].Descriptor.Drain());
    }

    [Fact]
    public void BlockedInterrupt_WithoutModerationTime_IsNeverRaised()
    {
        var clock = new ManualClock();
        using TestHost host = TestHost.WithFunction(new RecordingFunction(), clock);
        TestRing up = host.Start(TestHost.LoopbackUp);
        long before = host.Endpoint.InterruptsRaised;

        _ = up.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, Ieot | Bei));
        up.RingDoorbell();
        _ = host.Step();
        clock.Advance(1000);
        _ = host.Step();

        Assert.Single(host.EventRings[0].Take());
        Assert.Equal(before, host.Endpoint.InterruptsRaised);
        Assert.Equal(0, clock.Reads);
    }

    [Fact]
    public void BlockedInterrupt_IsRaisedOnceWhenItsTimeIsOver_AgainAndAgain()
    {
        var clock = new ManualClock();
        using TestHost host = TestHost.PoweredUp(SilentDiag(), clock);
        TestRing up = host.Start(DiagUp);
        long before = host.Endpoint.InterruptsRaised;
        for (int round = 1; round <= 3; round++)
        {
            Send(host, up, Bei);
            clock.Advance(3);
            Send(host, up, Bei);
            clock.Advance(1);
            _ = host.Step();
            Assert.Equal(before + round - 1, host.Endpoint.InterruptsRaised);
            Assert.True(host.Endpoint.TryGetDelay(out System.TimeSpan delay));
            Assert.Equal(1, delay.TotalMilliseconds);

            clock.Advance(1);
            _ = host.Step();
            Assert.Equal(before + round, host.Endpoint.InterruptsRaised);
            Assert.False(host.Endpoint.TryGetDelay(out _));
        }

        Assert.Equal(6, host.EventRings[DiagRing].Take().Count);
    }

    [Fact]
    public void UnblockedInterrupt_CancelsTheHeldBackOne_AndLaterOnesAreModeratedAfresh()
    {
        var clock = new ManualClock();
        using TestHost host = TestHost.PoweredUp(SilentDiag(), clock);
        TestRing up = host.Start(DiagUp);
        long before = host.Endpoint.InterruptsRaised;

        Send(host, up, Bei);
        Send(host, up, 0);
        Assert.Equal(before + 1, host.Endpoint.InterruptsRaised);
        clock.Advance(100);
        _ = host.Step();
        Assert.Equal(before + 1, host.Endpoint.InterruptsRaised);

        // The mark of the cancelled one must not be left behind.
        Send(host, up, Bei);
        clock.Advance(5);
        _ = host.Step();
        Assert.Equal(before + 2, host.Endpoint.InterruptsRaised);
    }

    [Fact]
    public void ControlAndCommandEvents_InterruptAtOnce()
    {
        using TestHost host = TestHost.PoweredUp();
        long before = host.Endpoint.InterruptsRaised;

        _ = host.Start(TestHost.LoopbackUp);

        Assert.Equal(before + 1, host.Endpoint.InterruptsRaised);
    }

    [Fact]
    public void IdleAndSteadyPolls_DoNotReadTheClock()
    {
        var clock = new ManualClock();
        using TestHost host = TestHost.PoweredUp(clock: clock);
        host.AssertEchoes();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(0, host.Modem.Poll());
        }

        Assert.Equal(0, clock.Reads);
    }

    [Fact]
    public void RingSetUpLate_WorksWhenAChannelStartsOnIt()
    {
        using var host = new TestHost();
        host.Program();
        host.WriteEventContext(DiagRing, default);
        host.RequestState(MhiState.M0);
        _ = host.Step();
        _ = host.EventRings[0].Take();

        host.WriteChannelContext(DiagUp, host.DefaultChannelContext(DiagUp));
        Assert.Equal(CompletionCode.UndefinedError, host.Command(ElementType.StartChannel, DiagUp));
        host.WriteEventContext(DiagRing, host.DefaultEventContext(DiagRing));
        TestRing up = host.Start(DiagUp);

        Send(host, up, 0);
        Assert.Single(host.EventRings[DiagRing].Take());
    }

    [Fact]
    public void Events_WrapRoundTheRing()
    {
        var function = new RecordingFunction();
        using TestHost host = TestHost.WithFunction(function);
        TestRing up = host.Start(TestHost.LoopbackUp);
        ulong buffer = host.Buffer(1).BusAddress;
        var addresses = new List<ulong>();
        var seen = new List<ulong>();
        for (int i = 0; i < 400; i++)
        {
            addresses.Add(up.Queue(RingElement.Transfer(buffer, 1, Ieot)));
            if (i % 7 == 6)
            {
                up.RingDoorbell();
                _ = host.Step();
                seen.AddRange(host.EventRings[0].Take().Select(element => element.Address));
            }
        }

        Assert.Equal(addresses.Take(seen.Count).ToArray(), seen.ToArray());
        Assert.Equal(399, seen.Count);
    }

    private static void Send(TestHost host, TestRing ring, uint flags)
    {
        _ = ring.Queue(RingElement.Transfer(host.Buffer(1).BusAddress, 1, Ieot | flags));
        ring.RingDoorbell();
        _ = host.Step();
    }

    // What is sent completes although nobody reads an answer.
    private static Dictionary<string, ChannelFunction> SilentDiag() => new() { ["DIAG"] = new SinkFunction() };
}
