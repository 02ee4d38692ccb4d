using System;
using System.Linq;
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
        Task other = race.Run(() => bed.Until(() => bed.Device.Deliver(DefBed.Down, [1])));
        for (int i = 0; i < rounds; i++)
        {
            race.Begin();
            Assert.Equal(UciPollEvents.In, await Poll(handle, UciPollEvents.In, isAsync));
            Assert.Equal(UciStatus.Done, handle.TryRead(buffer, out _));
            race.End();
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
        Task other = race.Run(() => bed.Until(() => bed.Device.CompletePackets(DefBed.Up, 1) == 1));
        for (int i = 0; i < rounds; i++)
        {
            race.Begin();
            Assert.Equal(UciPollEvents.Out, await Poll(handle, UciPollEvents.Out, isAsync));
            Assert.Equal(UciStatus.Done, handle.TrySend([1], out _));
            race.End();
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
        Task other = race.Run(() => Assert.Equal(1, reader.Read(part)));
        for (int i = 0; i < rounds; i++)
        {
            bed.Until(() => bed.Device.Deliver(DefBed.Down, [1, 2]));
            bed.Until(() => (handle.Poll() & UciPollEvents.In) != 0);
            race.Begin();
            do
            {
                // A look that found nothing would be the last before a long sleep.
                Assert.Equal(UciPollEvents.In, handle.Poll() & UciPollEvents.In);
            }
            while (!race.IsOver);
            Assert.Equal(UciPollEvents.In, await Poll(handle, UciPollEvents.In, isAsync: i % 2 != 0));
            race.End();
            Assert.Equal(UciPollEvents.In, handle.Poll() & UciPollEvents.In);
            Assert.Equal(1, handle.Read(buffer, UciBed.Long));
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
        Task other = race.Run(() => bed.Host.Remove(bed.Controller));
        for (int i = 0; i < rounds; i++)
        {
            UciHandle handle = await bed.Host.Nodes.Single().OpenAsync();
            race.Begin();
            Assert.Equal(Gone, await Poll(handle, UciPollEvents.In, isAsync: i % 2 == 0));
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
        Task other = race.Run(() => bed.Device.Complete(DefBed.Down, 1));
        for (int i = 0; i < rounds; i++)
        {
            UciHandle handle = await bed.Node.OpenAsync();
            bed.Until(() => bed.Device.Outstanding(DefBed.Down).Length == 3);
            race.Begin();
            Assert.Equal(Gone, await Poll(handle, UciPollEvents.In, isAsync: i % 2 == 0));
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

    private static ValueTask<UciPollEvents> Poll(UciHandle handle, UciPollEvents wanted, bool isAsync) =>
        isAsync ? handle.PollAsync(wanted, UciBed.Soon) : new ValueTask<UciPollEvents>(handle.Poll(wanted, UciBed.Soon));

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
