using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class OpenRaceTests
{
    private const int Rounds = 10_000;

    [Fact]
    [Trait("Category", "Slow")]
    [UciClause(26, "An open that races removal says ENODEV, or returns a handle whose operations do; never EIO, never a hang.")]
    public async Task UCI_026_OpenAgainstRemoval()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        string name = bed.Node.Name;
        UciHandle? opened = null;
        using var barrier = new Barrier(2);
        Task opener = OpenBed.OnThread(() =>
        {
            try
            {
                for (int round = 0; round < Rounds; round++)
                {
                    Meet(barrier);
                    try
                    {
                        opened = bed.Host.Open(name);
                    }
                    catch (UciNodeNotFoundException exception)
                    {
                        Assert.Equal(UciErrno.NoDevice, exception.ErrorCode);
                    }

                    Meet(barrier);
                }
            }
            finally
            {
                barrier.RemoveParticipant();
            }
        });

        var random = new Random(26);
        int won = 0;
        UciHandle? previous = null;
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                opened = null;
                Meet(barrier);

                // The open is anywhere between its first step and its end.
                UciNode node = bed.Host.Nodes[0];
                int progress = random.Next(4);
                OpenBed.WaitUntil(() => bed.Device.Commands.Length >= progress || node.Counters.OpenHandles != 0, "the open gets on");
                Thread.SpinWait(random.Next(1000));
                bed.Host.Remove(bed.Controller);
                Meet(barrier);
                if (opener.IsFaulted)
                {
                    break;
                }

                // Closed now, or only when its successor is open.
                previous?.Dispose();
                previous = opened;
                if (opened is { } handle)
                {
                    won++;
                    Assert.Throws<UciDeviceRemovedException>(() => handle.Write([1], UciBed.Long));
                    Assert.Throws<UciDeviceRemovedException>(() => handle.Read(new byte[1], UciBed.Long));
                }

                if (round % 2 == 0)
                {
                    previous?.Dispose();
                }

                bed.Host.Attach(bed.Controller);
                bed.Device.ForgetRecords();
            }
        }
        finally
        {
            barrier.RemoveParticipant();
        }

        await opener.WaitAsync(UciBed.Long);
        previous?.Dispose();
        Assert.True(won is > 0 and < Rounds, $"{won} of {Rounds} opens won: that was no race.");
        OpenBed.WaitUntil(() => bed.LiveChannels == 0, "buffers are freed");
        using UciHandle last = bed.Host.Open(name);
        OpenBed.AssertEchoes(last);
    }

    [Fact]
    [Trait("Category", "Slow")]
    [UciClause(35, "An open that races the last close gets a running channel, kept or restarted.")]
    public async Task UCI_035_OpenAgainstTheLastClose()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        UciHandle current = bed.Open();
        UciHandle? next = null;
        using var barrier = new Barrier(2);
        Task opener = OpenBed.OnThread(() =>
        {
            try
            {
                for (int round = 0; round < Rounds; round++)
                {
                    Meet(barrier);
                    next = bed.Open();
                    OpenBed.AssertEchoes(next);
                    Meet(barrier);
                }
            }
            finally
            {
                barrier.RemoveParticipant();
            }
        });

        var random = new Random(35);
        int restarted = 0;
        for (int round = 0; round < Rounds && !opener.IsFaulted; round++)
        {
            bed.Device.ForgetRecords();
            Meet(barrier);
            Thread.SpinWait(random.Next(200));
            current.Dispose();
            Meet(barrier);
            current = next!;
            restarted += bed.Device.Commands.Length != 0 ? 1 : 0;
        }

        barrier.RemoveParticipant();
        await opener.WaitAsync(UciBed.Long);
        current.Dispose();
        Assert.True(restarted is > 0 and < Rounds, $"{restarted} of {Rounds} opens restarted the channel: that was no race.");
        OpenBed.WaitUntil(() => bed.LiveChannels == 0, "buffers are freed");
    }

    // Bounded: a hang of one side fails this test, and not the run.
    private static void Meet(Barrier barrier) => Assert.True(barrier.SignalAndWait(UciBed.Long), "the other side hangs");
}
