using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A device that leaves, and who is told what.</summary>
public class RemovalTests
{
    private const string Order = "Removal marks the device gone, withdraws name and minor number, resets the channels and wakes everybody; who waited sees ENODEV.";

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    [UciClause(105, Order, Departure = "the reset is asked for before anybody is woken, but the wake does not wait until the device has answered: one that is silent delays nobody")]
    public async Task UCI_105_GoneThenWithdrawnThenResetThenWoken(Leaving way)
    {
        var observer = new RecordingObserver();
        using var bed = new RemovalBed(observer: observer);
        using UciHandle handle = bed.Open();
        var resets = new ConcurrentQueue<string>();
        var withdrawals = new ConcurrentQueue<string>();
        observer.OnWithdrawn = node =>
        {
            RemovalBed.AssertError<UciNodeNotFoundException>(UciErrno.NoDevice, () => bed.Host.Open(node.Name));
            RemovalBed.AssertError<UciNodeNotFoundException>(UciErrno.NoDevice, () => bed.Host.Open(node.Minor));
            withdrawals.Enqueue(Seen($"withdrawn {node.Name}"));
        };
        string Seen(string what) => $"{what}: gone {bed.Node.IsGone}, listed {bed.Host.Nodes.Count}";
        bed.Device.Answers = (type, channel) =>
        {
            resets.Enqueue(Seen($"{type} {channel}"));
            return CommandAnswer.Stall;
        };
        Task<string> woken = OpenBed.OnThread(() =>
        {
            RemovalBed.AssertRemoved(() => handle.Read(new byte[10]));
            return Seen("woken");
        });
        bed.UntilWaiting(1);
        bed.Leave(way);
        Assert.Equal("woken: gone True, listed 0", RemovalBed.Soon(woken));
        Assert.Equal([$"withdrawn {bed.Node.Name}: gone True, listed 0"], withdrawals);

        // Downlink, then uplink, each when the one before is answered.
        OpenBed.WaitUntil(() => bed.Device.StalledCommands == 1, "the downlink is reset");
        bed.Device.AnswerStalled();
        OpenBed.WaitUntil(() => bed.Device.StalledCommands == 1, "the uplink is reset");
        bed.Device.AnswerStalled();
        Assert.Equal("ResetChannel 1: gone True, listed 0; ResetChannel 0: gone True, listed 0", string.Join("; ", resets));
        await handle.DisposeAsync();
        Assert.Equal(2, resets.Count);
    }

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    public void EveryNodeOfTheDeviceIsGone_BeforeTheFirstIsTakenAway(Leaving way)
    {
        // Whoever takes a node away may need a second for it, and somebody waits on the next one.
        var observer = new RecordingObserver();
        using var bed = new RemovalBed(observer: observer, names: ["LOOPBACK", "OTHER"]);
        observer.OnWithdrawn = _ => Assert.All(observer.Accepted, node => Assert.True(node.IsGone));
        using UciHandle handle = bed.Host.Open(bed.Host.Nodes[1].Name);
        bed.Leave(way);
        Assert.Equal(observer.Accepted, observer.Gone);
        Assert.Equal(2, observer.Gone.Count);
    }

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    [InlineData(Leaving.PowerDown)]
    [InlineData(Leaving.Vanish)]
    [UciClause(105, Order)]
    [UciClause(106, "Removal ends every blocked open, read, write, poll and flush within T, and waits neither for handles to be closed nor for a client.")]
    public async Task UCI_106_EverythingBlockedEnds(Leaving way)
    {
        using var bed = new RemovalBed(names: ["LOOPBACK", "OTHER"]);
        bed.Device.Answers = static (type, channel) =>
            type == ElementType.StartChannel && channel > RemovalBed.Downlink ? CommandAnswer.Stall : CommandAnswer.Succeed;
        UciNode other = bed.Host.Nodes[1];
        using UciHandle handle = bed.Open();
        using UciHandle second = bed.Open();
        byte[] data = new byte[RemovalBed.Mtu];
        for (int i = 0; i < 3; i++)
        {
            _ = handle.Write(data);
        }

        using var stalled = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        Task client = StallAfterReadAsync(second, stalled, release);
        bed.Deliver(1);
        Assert.True(stalled.Wait(UciBed.Long));

        Task<Exception?> opener = RemovalBed.Ending(() => other.Open().Dispose());
        Task<UciHandle> openerAsync = bed.Host.OpenAsync(other.Name);
        Task<Exception?>[] blocked =
        [
            RemovalBed.Ending(() => handle.Read(new byte[10])),
            RemovalBed.Ending(() => handle.Receive(new byte[10])),
            RemovalBed.Ending(() => handle.Write(data)),
            RemovalBed.Ending(() => handle.WriteMessage(data)),
            RemovalBed.Ending(() => handle.Flush()),
        ];
        Task[] pending =
        [
            handle.ReadAsync(new byte[10]).AsTask(),
            second.ReceiveAsync(new byte[10]).AsTask(),
            second.WriteAsync(data).AsTask(),
            handle.FlushAsync().AsTask(),
        ];
        Task<UciPollEvents> poll = OpenBed.OnThread(() => handle.Poll(UciPollEvents.In | UciPollEvents.Out));
        Task<UciPollEvents> pollAsync = second.PollAsync(UciPollEvents.In).AsTask();
        bed.UntilWaiting(11);
        OpenBed.WaitUntil(() => bed.Device.StalledCommands == 1, "START is held");

        RemovalBed.Soon(OpenBed.OnThread(() => bed.Leave(way)));
        Assert.All(blocked, task => RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Soon(task)));
        Assert.All(pending, task => RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(task)));
        RemovalBed.AssertError<UciNodeNotFoundException>(UciErrno.NoDevice, RemovalBed.Soon(opener));
        RemovalBed.AssertError<UciNodeNotFoundException>(UciErrno.NoDevice, RemovalBed.Ending(openerAsync));
        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, RemovalBed.Soon(poll));
        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, RemovalBed.Soon(pollAsync));
        Assert.False(client.IsCompleted);
        release.Set();
        await client;
        OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == 0, "nobody waits any more");
        Assert.Equal(2, bed.Node.Counters.OpenHandles);
    }

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    [InlineData(Leaving.PowerDown)]
    [InlineData(Leaving.Vanish)]
    [UciClause(107, "What arrived before removal stays readable, then reads raise ENODEV; no read returns 0 because of removal.")]
    public async Task UCI_107_UnreadPacketsAreReadFirst(Leaving way)
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        using UciHandle quick = bed.Open(new UciOpenOptions { NonBlocking = true });
        bed.Deliver(1, 2, 3);
        bed.Deliver(4, 5);
        byte[] data = new byte[10];
        Assert.Equal(1, handle.Read(data.AsSpan(0, 1)));
        OpenBed.WaitUntil(() => bed.Node.Counters.ReceivedBuffers == 2, "both packets have arrived");
        bed.LeaveAndSee(way);

        Assert.Equal(UciPollEvents.In | UciPollEvents.Error | UciPollEvents.HangUp, handle.Poll());
        Assert.Equal(0, handle.Read([]));
        Assert.Equal((2, 2), (quick.Read(data), data[0]));
        Assert.Equal((2, 4), (await handle.ReadAsync(data), data[0]));
        for (int round = 0; round < 3; round++)
        {
            RemovalBed.AssertRemoved(() => handle.Read(data));
            RemovalBed.AssertRemoved(() => handle.Read([]));
            RemovalBed.AssertRemoved(() => handle.Receive(data));
            RemovalBed.AssertRemoved(() => quick.Read(data));
            RemovalBed.AssertRemoved(() => quick.TryRead(data, out _));
            RemovalBed.AssertRemoved(() => quick.TryReceive(data, out _));
            RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(handle.ReadAsync(data).AsTask()));
            RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(handle.ReceiveAsync(data).AsTask()));
            Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, handle.Poll());
        }
    }

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    [InlineData(Leaving.PowerDown)]
    [InlineData(Leaving.Vanish)]
    [UciClause(108, "After removal a write raises ENODEV at once and takes no buffer; a blocked one returns what it had queued, or raises ENODEV.")]
    public void UCI_108_WriteAfterRemoval(Leaving way)
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        _ = handle.Write(new byte[5]);
        bed.UntilHeld(1);
        bed.LeaveAndSee(way);
        int regions = bed.Device.LiveRegions;
        byte[] packet = new byte[10];
        byte[] large = new byte[5 * RemovalBed.Mtu];
        List<Action> writes =
        [
            () => handle.Write(packet),
            () => handle.Write(large),
            () => handle.Write([]),
            () => handle.Send(packet),
            () => handle.TrySend(packet, out _),
            () => handle.WriteMessage(packet),
            () => handle.TryWriteMessage(packet),
            () => handle.Flush(),
        ];
        Assert.All(writes, RemovalBed.AssertRemoved);
        Task[] pending = [handle.WriteAsync(packet).AsTask(), handle.SendAsync(large).AsTask(), handle.WriteMessageAsync(packet).AsTask(), handle.FlushAsync().AsTask()];
        Assert.All(pending, task => RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(task)));
        Assert.Equal(1, bed.Node.Counters.QueuedBuffers);
        Assert.Equal(regions, bed.Device.LiveRegions);
        Assert.Single(bed.Device.Elements(RemovalBed.Uplink));
    }

    [Theory]
    [InlineData(Leaving.Remove, false)]
    [InlineData(Leaving.Stop, true)]
    [InlineData(Leaving.PowerDown, false)]
    [InlineData(Leaving.PowerDown, true)]
    [InlineData(Leaving.Vanish, false)]
    [InlineData(Leaving.Vanish, true)]
    [UciClause(108, "After removal a write raises ENODEV at once and takes no buffer; a blocked one returns what it had queued, or raises ENODEV.")]
    public void UCI_108_BlockedWrite(Leaving way, bool isAsync)
    {
        using var bed = new RemovalBed();
        using UciHandle handle = bed.Open();
        byte[] large = new byte[5 * RemovalBed.Mtu];

        // The ring has three elements: one packet of three is queued, one of two waits, and behind it a call with none.
        Task<int> partial = isAsync ? handle.WriteAsync(large).AsTask() : OpenBed.OnThread(() => handle.Write(large));
        bed.UntilHeld(3);
        Task<int> none = isAsync ? handle.WriteAsync(large).AsTask() : OpenBed.OnThread(() => handle.Write(large));
        bed.UntilWaiting(2);
        bed.Leave(way);
        Assert.Equal(3 * RemovalBed.Mtu, RemovalBed.Soon(partial));
        RemovalBed.AssertError<UciDeviceRemovedException>(UciErrno.NoDevice, RemovalBed.Ending(none));
        RemovalBed.AssertRemoved(() => handle.Write(large));
    }

    [Theory]
    [InlineData(Leaving.Remove)]
    [InlineData(Leaving.Stop)]
    [InlineData(Leaving.PowerDown)]
    [InlineData(Leaving.Vanish)]
    [UciClause(109, "Uplink data that was not completed at removal is freed and counted as dropped.")]
    public void UCI_109_UncompletedDataIsCountedAsDropped(Leaving way)
    {
        var bed = new RemovalBed(linger: TimeSpan.FromSeconds(30));
        UciHandle handle = bed.Open();
        for (int length = 10; length <= 30; length += 10)
        {
            _ = handle.Write(new byte[length]);
        }

        bed.UntilHeld(3);
        _ = bed.Device.CompletePackets(RemovalBed.Uplink, 1);
        OpenBed.WaitUntil(() => bed.Node.Counters.CompletedBuffers == 1, "the first is completed");
        bed.LeaveAndSee(way);
        OpenBed.WaitUntil(() => bed.Node.Counters.OutstandingBuffers == 0, "nothing is outstanding");
        AssertDropped(bed.Node.Counters);

        // Not lingered for either: nobody will complete it.
        RemovalBed.Soon(handle.CloseAsync());
        AssertDropped(bed.Node.Counters);
        HeldDevice device = bed.Device;
        bed.Dispose();
        Assert.Equal(0, device.LiveRegions);
    }

    private static void AssertDropped(UciCounters counters)
    {
        Assert.Equal("3 buffers, 60 bytes", $"{counters.QueuedBuffers} buffers, {counters.QueuedBytes} bytes");
        Assert.Equal("1 buffers, 10 bytes", $"{counters.CompletedBuffers} buffers, {counters.CompletedBytes} bytes");
        Assert.Equal("2 buffers, 50 bytes", $"{counters.DroppedBuffers} buffers, {counters.DroppedBytes} bytes");
        Assert.Equal("0 buffers, 0 bytes", $"{counters.FailedBuffers} buffers, {counters.OutstandingBytes} bytes");
    }

    private static async Task StallAfterReadAsync(UciHandle handle, ManualResetEventSlim stalled, ManualResetEventSlim release)
    {
        Assert.Equal(1, await handle.ReadAsync(new byte[10]));
        stalled.Set();
        Assert.True(release.Wait(UciBed.Long));
    }
}
