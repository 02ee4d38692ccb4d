using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section F: no wake-up of a poll is ever lost, in races of its start against what it waits for.</summary>
[Trait("Category", "Slow")]
public class PollRaceTests
{
    private const string NoneIsLost =
        "A poll that waits returns soon after a packet arrives, a descriptor becomes free, the device is removed or the channel is reset; no wake-up is lost (100 000 races in sum: 49 000 arrivals, 49 000 completions, 1000 removals, 1000 resets; the last two are also searched interleaving by interleaving).";

    private const UciPollEvents Gone = UciPollEvents.Error | UciPollEvents.HangUp;

    // In spins: enough for the poll to be asleep now and then.
    private const int MostHeadStart = 256;

    [Theory]
    [InlineData(24_500, false)]
    [InlineData(24_500, true)]
    [UciClause(91, NoneIsLost)]
    public async Task UCI_091_AnArrivalAndAPoll(int rounds, bool isAsync)
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        using var race = new DefRace();
        byte[] buffer = new byte[1];
        Task other = race.Run(() => Assert.Equal(UciPollEvents.In, Poll(handle, UciPollEvents.In, isAsync)));
        for (int i = 0; i < rounds; i++)
        {
            race.Begin(i % MostHeadStart);
            bed.Until(() => bed.Device.Deliver(DefBed.Down, [1]));
            race.End();
            Assert.Equal(UciStatus.Done, handle.TryRead(buffer, out _));
        }

        race.Stop();
        await other;
        Assert.Equal(0, bed.Counters.Waiters);
    }

    [Theory]
    [InlineData(24_500, false)]
    [InlineData(24_500, true)]
    [UciClause(91, NoneIsLost)]
    public async Task UCI_091_ACompletionAndAPoll(int rounds, bool isAsync)
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        using var race = new DefRace();
        bed.Fill(handle);
        Task other = race.Run(() => Assert.Equal(UciPollEvents.Out, Poll(handle, UciPollEvents.Out, isAsync)));
        for (int i = 0; i < rounds; i++)
        {
            race.Begin(i % MostHeadStart);
            bed.Until(() => bed.Device.CompletePackets(DefBed.Up, 1) == 1);
            race.End();
            Assert.Equal(UciStatus.Done, handle.TrySend([1], out _));
            if (i % 1000 == 0)
            {
                bed.Device.ForgetRecords();
            }
        }

        race.Stop();
        await other;
        Assert.Equal(0, bed.Counters.Waiters);
    }

    [Theory]
    [InlineData(10_000)]
    [UciClause(91, "A poll for data returns at once while a packet is unread, also at the moment when somebody reads a part of it.")]
    public async Task UCI_091_APartialReadAndAPoll(int rounds)
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        UciHandle reader = bed.Open(UciAccess.Read);
        using var race = new DefRace();
        byte[] buffer = new byte[1];
        byte[] part = new byte[1];
        int looks = 0;
        bool isReadInPart = false;
        bool isAsync = false;
        Task other = race.Run(() =>
        {
            var spinner = default(SpinWait);
            while (true)
            {
                // A look that found nothing would be the last before a long sleep.
                Assert.Equal(UciPollEvents.In, handle.Poll() & UciPollEvents.In);
                Volatile.Write(ref looks, looks + 1);
                if (Volatile.Read(ref isReadInPart))
                {
                    break;
                }

                spinner.SpinOnce(sleep1Threshold: -1);
            }

            Assert.Equal(UciPollEvents.In, Poll(handle, UciPollEvents.In, isAsync));
        });
        for (int i = 0; i < rounds; i++)
        {
            bed.Until(() => bed.Device.Deliver(DefBed.Down, [1, 2]));
            bed.Until(() => (handle.Poll() & UciPollEvents.In) != 0);
            looks = 0;
            isReadInPart = false;
            isAsync = i % 2 != 0;
            race.Begin();
            OpenBed.WaitUntil(() => Volatile.Read(ref looks) != 0 || race.IsOver, "the other side looks");
            Assert.Equal(UciStatus.Done, reader.TryRead(part, out _));
            Volatile.Write(ref isReadInPart, true);
            race.End();
            Assert.Equal(UciPollEvents.In, handle.Poll() & UciPollEvents.In);
            Assert.Equal(UciStatus.Done, handle.TryRead(buffer, out _));
            Assert.Equal((1, 2), (part[0], buffer[0]));
        }

        race.Stop();
        await other;
    }

    [Theory]
    [InlineData(1000)]
    [UciClause(91, NoneIsLost)]
    public async Task UCI_091_ARemovalAndAPoll(int rounds)
    {
        using var bed = DefBed.Running();
        using var race = new DefRace();
        UciHandle? handle = null;
        bool isAsync = false;
        Task other = race.Run(() => Assert.Equal(Gone, Poll(handle!, UciPollEvents.In, isAsync)));
        for (int i = 0; i < rounds; i++)
        {
            handle = await bed.Host.Nodes.Single().OpenAsync();
            isAsync = i % 2 == 0;
            race.Begin(i % MostHeadStart);
            bed.Host.Remove(bed.Controller);
            race.End();
            await handle.CloseAsync();
            bed.Host.Attach(bed.Controller);
        }

        race.Stop();
        await other;
    }

    [Theory]
    [InlineData(1000)]
    [UciClause(91, NoneIsLost)]
    public async Task UCI_091_AResetAndAPoll(int rounds)
    {
        using var bed = DefBed.Running();
        using var race = new DefRace();
        UciHandle? handle = null;
        bool isAsync = false;
        Task other = race.Run(() => Assert.Equal(Gone, Poll(handle!, UciPollEvents.In, isAsync)));
        for (int i = 0; i < rounds; i++)
        {
            handle = await bed.Node.OpenAsync();
            isAsync = i % 2 == 0;
            bed.Until(() => bed.Device.Outstanding(DefBed.Down).Length == 3);
            race.Begin(i % MostHeadStart);
            bed.Device.Complete(DefBed.Down, 1);
            race.End();
            await handle.CloseAsync();
        }

        race.Stop();
        await other;
    }

    [Theory]
    [InlineData(300)]
    [UciClause(92, "Polls are safe against reads, writes, closes and removals at the same time.")]
    public async Task UCI_092_PollsBesideEverything(int rounds)
    {
        using var bed = DefBed.Running();
        bed.Device.Echoes = true;
        for (int i = 0; i < rounds; i++)
        {
            UciHandle first = await bed.Host.Nodes.Single().OpenAsync();
            UciHandle second = await bed.Host.Nodes.Single().OpenAsync();
            Task[] polling =
            [
                UntilTheEnd(() => first.Poll()),
                UntilTheEnd(() => second.PollAsync(UciPollEvents.In).AsTask().GetAwaiter().GetResult()),
                UntilTheEnd(() => second.Poll(UciPollEvents.In | UciPollEvents.Out)),
                UntilTheEnd(() => first.NextChangeAsync(UciPollEvents.In | UciPollEvents.Out).AsTask().GetAwaiter().GetResult()),
                UntilTheEnd(() =>
                {
                    _ = first.Write(new byte[2]);
                    _ = second.Read(new byte[1]);
                    _ = second.Read(new byte[1]);
                    return UciPollEvents.None;
                }),
            ];

            // Nothing ends before some of it has begun, and waits.
            bed.Until(() => first.Node.Counters.Waiters >= 1);
            if (i % 2 == 0)
            {
                bed.Host.Remove(bed.Controller);
                await Task.WhenAll(first.CloseAsync(), second.CloseAsync());
                bed.Host.Attach(bed.Controller);
            }
            else
            {
                await second.CloseAsync();
                await first.CloseAsync();
            }

            await Task.WhenAll(polling).WaitAsync(UciBed.Long);
            Assert.Equal(0, first.Node.Counters.Waiters);
        }
    }

    // Without a time-out: a poll that ends by one looks once more, and finds what nobody woke it for. The other side bounds it.
    private static UciPollEvents Poll(UciHandle handle, UciPollEvents wanted, bool isAsync) =>
        isAsync ? handle.PollAsync(wanted).AsTask().GetAwaiter().GetResult() : handle.Poll(wanted);

    // Again and again until the handle is closed or the device gone: nothing else may come of it.
    private static Task UntilTheEnd(Func<UciPollEvents> poll) => OpenBed.OnThread(() =>
    {
        try
        {
            while ((poll() & UciPollEvents.HangUp) == 0)
            {
            }
        }
        catch (Exception exception) when (exception is UciHandleClosedException or UciDeviceRemovedException)
        {
            return;
        }
    });
}
