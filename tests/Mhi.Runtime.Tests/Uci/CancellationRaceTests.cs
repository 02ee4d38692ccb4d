using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>Section E: giving up at the very moment when data comes.</summary>
public class CancellationRaceTests
{
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(true)]
    [InlineData(false)]
    [UciClause(84, "A completion and a cancellation at once have one outcome: the data and its count, or an exception and the data kept.")]
    public async Task UCI_084_ACompletionAndACancellationHaveOneOutcome(bool isAsync)
    {
        // With the writes together 100 000 races. Awaiting: the packet and the token from two threads. Blocking: both from one, in both
        // orders, while the reader is on its way to sleep.
        const int Rounds = 25_000;
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        using var race = new DefRace();
        byte[] buffer = new byte[1];
        int sent = 0;
        int read = 0;
        int won = 0;
        int cancelled = 0;
        int round = 0;
        CancellationTokenSource? stop = null;
        Task other = race.Run(() =>
        {
            if (!isAsync && round % 2 == 0)
            {
                Deliver();
                Linger(round);
            }

            stop!.Cancel();
            if (!isAsync && round % 2 != 0)
            {
                Deliver();
            }
        });
        for (; round < Rounds; round++)
        {
            using var source = new CancellationTokenSource();
            stop = source;
            ValueTask<int> pending = isAsync ? handle.ReadAsync(buffer, UciBed.Soon, source.Token) : default;
            race.Begin();
            if (isAsync)
            {
                Deliver();
            }

            try
            {
                Take(isAsync ? await pending : handle.Read(buffer, UciBed.Soon, source.Token));
                won++;
            }
            catch (UciCanceledException)
            {
                cancelled++;
            }

            race.End();
            while (read < sent)
            {
                Take(handle.Read(buffer, UciBed.Long));
            }
        }

        race.Stop();
        await other;
        Assert.Equal(Rounds, read);
        Assert.Equal(UciStatus.WouldBlock, handle.TryRead(buffer, out _));
        Assert.Equal(sent, bed.Counters.ReceivedBytes);
        Assert.Equal(0, bed.Counters.Waiters);
        Assert.InRange(cancelled, 1, Rounds - 1);
        Assert.Equal(Rounds, won + cancelled);

        void Deliver()
        {
            bed.Until(() => bed.Device.Deliver(DefBed.Down, [(byte)sent]));
            sent++;
        }

        void Take(int count)
        {
            Assert.Equal(1, count);
            Assert.Equal((byte)read, buffer[0]);
            read++;
        }
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(true)]
    [InlineData(false)]
    [UciClause(84, "Room and a cancellation at once have one outcome: the data queued and its count, or an exception and nothing queued.")]
    public async Task UCI_084_RoomAndACancellationHaveOneOutcome(bool isAsync)
    {
        // In the same two ways as the reads. A byte that was refused is the next to be written, so a byte
        // that was queued all the same would arrive twice.
        const int Rounds = 25_000;
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        using var race = new DefRace();
        byte[] buffer = new byte[1];
        int written = 0;
        int arrived = 0;
        int won = 0;
        int cancelled = 0;
        int round = 0;
        CancellationTokenSource? stop = null;
        Task other = race.Run(() =>
        {
            if (!isAsync && round % 2 == 0)
            {
                MakeRoom();
                Linger(round);
            }

            stop!.Cancel();
            if (!isAsync && round % 2 != 0)
            {
                MakeRoom();
            }
        });
        while (written < 3)
        {
            Fill(handle.Write(Next()));
        }

        for (; round < Rounds; round++)
        {
            using var source = new CancellationTokenSource();
            stop = source;
            ValueTask<int> pending = isAsync ? handle.WriteAsync(Next(), UciBed.Soon, source.Token) : default;
            race.Begin();
            if (isAsync)
            {
                MakeRoom();
            }

            try
            {
                Fill(isAsync ? await pending : handle.Write(Next(), UciBed.Soon, source.Token));
                won++;
            }
            catch (UciCanceledException)
            {
                cancelled++;
            }

            race.End();
            while (written < round + 4)
            {
                Fill(handle.Write(Next(), UciBed.Long));
            }

            if (round % 1000 == 999)
            {
                CheckArrived();
            }
        }

        race.Stop();
        await other;
        CheckArrived();
        Assert.Equal(Rounds + 3, arrived);
        Assert.Equal(written, bed.Counters.QueuedBytes);
        Assert.Equal(0, bed.Counters.Waiters);
        Assert.InRange(cancelled, 1, Rounds - 1);
        Assert.Equal(Rounds, won + cancelled);

        void MakeRoom() => bed.Until(() => bed.Device.CompletePackets(DefBed.Up, 1) == 1);

        byte[] Next()
        {
            buffer[0] = (byte)written;
            return buffer;
        }

        void Fill(int count)
        {
            Assert.Equal(1, count);
            written++;
        }

        void CheckArrived()
        {
            bed.Until(() => bed.Device.Outstanding(DefBed.Up).Length == 3);
            foreach (byte[] packet in bed.Device.Packets(DefBed.Up))
            {
                Assert.Equal([(byte)arrived++], packet);
            }

            Assert.Equal(written, arrived);
            bed.Device.ForgetRecords();
        }
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(true)]
    [InlineData(false)]
    [UciClause(85, "A cancelled wait ends soon and leaves no waiter behind.")]
    public async Task UCI_085_CancelledWaitsLeaveNothingBehind(bool isAsync)
    {
        const int Rounds = 10_000;
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        bed.Fill(handle);
        using var race = new DefRace();
        CancellationTokenSource? stop = null;
        Task other = race.Run(() => stop!.Cancel());
        byte[] buffer = new byte[1];
        for (int i = 0; i < Rounds; i++)
        {
            using var source = new CancellationTokenSource();
            stop = source;
            CancellationToken token = source.Token;
            ValueTask<int> pending = !isAsync ? default : i % 2 == 0 ? handle.ReadAsync(buffer, UciBed.Soon, token) : handle.WriteAsync(buffer, UciBed.Soon, token);
            race.Begin();
            try
            {
                _ = isAsync ? await pending : i % 2 == 0 ? handle.Read(buffer, UciBed.Soon, token) : handle.Write(buffer, UciBed.Soon, token);
                Assert.Fail("Nothing was there to read, and no room to write.");
            }
            catch (UciCanceledException)
            {
                race.End();
            }
        }

        race.Stop();
        await other;
        Assert.Equal(0, bed.Counters.Waiters);

        // Who waits now is the only one who waits.
        Task<int> reading = bed.WaitingReader(handle, () => handle.Read(buffer));
        bed.Until(() => bed.Device.Deliver(DefBed.Down, [42]));
        Assert.Equal(1, bed.Soon(reading));
        Assert.Equal(42, buffer[0]);
        Task<int> writing = bed.WaitingWriter(handle, () => handle.Write(buffer));
        Assert.Equal(1, bed.Device.CompletePackets(DefBed.Up, 1));
        Assert.Equal(1, bed.Soon(writing));
        Assert.Equal(4, bed.Counters.QueuedBuffers);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(100_000)]
    [UciClause(86, "A completion and a time-out at once have one outcome, and a wait that timed out leaves no waiter behind.")]
    public async Task UCI_086_TimeOutsRaceCompletions(int rounds)
    {
        // Blocking and awaiting operations in turn use the same few objects: a signal late for one must not reach the next.
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        byte[] buffer = new byte[1];
        int sent = 0;
        int read = 0;
        int won = 0;
        int timedOut = 0;
        using var race = new DefRace();
        Task other = race.Run(() =>
        {
            if (bed.Device.Deliver(DefBed.Down, [(byte)sent]))
            {
                sent++;
            }
        });
        for (int i = 0; i < rounds; i++)
        {
            race.Begin();
            var time = TimeSpan.FromMicroseconds(i % 100);
            try
            {
                int count = i % 4 != 0 ? handle.Read(buffer, time) : await handle.ReadAsync(buffer, time);
                Assert.Equal(1, count);
                Assert.Equal((byte)read, buffer[0]);
                read++;
                won++;
            }
            catch (UciTimeoutException)
            {
                timedOut++;
            }

            race.End();
            while (read < sent)
            {
                Assert.Equal(1, handle.Read(buffer, UciBed.Long));
                Assert.Equal((byte)read, buffer[0]);
                read++;
            }
        }

        race.Stop();
        await other;
        Assert.Equal(UciStatus.WouldBlock, handle.TryRead(buffer, out _));
        Assert.Equal(0, bed.Counters.Waiters);
        Assert.True(timedOut > 0, "No time-out ever won.");
        Assert.True(won > 0, "No packet ever won.");
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(50_000)]
    [UciClause(86, "Room and a time-out at once have one outcome: the data queued and its count, or an exception and nothing queued.")]
    public async Task UCI_086_TimeOutsRaceRoom(int rounds)
    {
        using var bed = DefBed.Running();
        UciHandle handle = bed.Open();
        byte[] buffer = new byte[1];
        int won = 0;
        int timedOut = 0;
        using var race = new DefRace();
        Task other = race.Run(() => bed.Until(() => bed.Device.CompletePackets(DefBed.Up, 1) == 1));
        bed.Fill(handle);
        for (int i = 0; i < rounds; i++)
        {
            race.Begin();
            var time = TimeSpan.FromMicroseconds(i % 100);
            try
            {
                Assert.Equal(1, i % 4 != 0 ? handle.Write(buffer, time) : await handle.WriteAsync(buffer, time));
                won++;
            }
            catch (UciTimeoutException)
            {
                timedOut++;
                Assert.Equal(1, handle.Write(buffer, UciBed.Long));
            }

            race.End();

            // Three of the ring's places were filled first, and one more in every round: once, whoever won it.
            Assert.Equal(i + 4, bed.Counters.QueuedBuffers);
            if (i % 1000 == 0)
            {
                bed.Device.ForgetRecords();
            }
        }

        race.Stop();
        await other;
        Assert.Equal(0, bed.Counters.Waiters);
        Assert.True(timedOut > 0, "No time-out ever won.");
        Assert.True(won > 0, "No room ever won.");
    }

    // For no time in one round, for some in another: somewhere in between the token comes neither first nor last.
    private static void Linger(int round)
    {
        for (int turns = round / 2 % 8; turns > 0; turns--)
        {
            _ = Thread.Yield();
        }
    }
}
