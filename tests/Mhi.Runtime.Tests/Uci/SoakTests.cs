using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Mhi.Controller;
using Mhi.Protocol;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>
/// Everything at once, at random: eight clients, a device that fails in every way, removals. MHI_UCI_SOAK_SECONDS sets the time,
/// MHI_UCI_SEED the seed that a failure names.
/// </summary>
public sealed class SoakTests : IDisposable
{
    private const int Elements = 8;

    // MHI_UCI_SOAK_SECONDS=600 is what the specification asks for.
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(Setting("MHI_UCI_SOAK_SECONDS", 4));

    private readonly UciHost _host = new(new UciHostOptions
    {
        Table = new UciTable([new UciTableEntry("LOOPBACK", 256) { DeliverEmptyPackets = true }]),
        Linger = TimeSpan.FromMilliseconds(5),
    });

    private readonly List<HeldHost> _past = [];
    private HeldHost _device = null!;
    private int _regionsWhenClosed;

    private HeldDevice Device => _device.Device;

    [Fact]
    [Trait("Category", "Slow")]
    [UciClause(81, "At any time queued = completed + failed + dropped + outstanding, in buffers and bytes.")]
    [UciClause(102, "While a node is open, posted + pending + current + deferred receive buffers are as many as the ring takes.")]
    [UciClause(104, "After last close and removal every buffer ever allocated has been freed exactly once.")]
    [UciClause(112, "Removal is idempotent and safe against every other operation.")]
    public void UCI_104_EverythingIsFreedAndBalancedAfterARandomRun()
    {
        int seed = Setting("MHI_UCI_SEED", Environment.TickCount & 0xffff);
        try
        {
            Run(seed);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"MHI_UCI_SEED={seed}", exception);
        }
    }

    private void Run(int seed)
    {
        var random = new Random(seed);
        Start(new HeldDevice());
        _host.Start();
        var clients = new SoakClients(_host, static () => "mhi_held0_LOOPBACK", seed);
        try
        {
            long started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started) < s_duration)
            {
                clients.LetThem(random.Next(100));
                BreakSomething(random);
                if (random.Next(4) == 0)
                {
                    clients.AtRest(() => CheckAll(clients, isAllClosed: false));
                }

                if (random.Next(40) == 0)
                {
                    clients.AtRest(() => CloseAndCheck(clients));
                }
            }

            clients.AtRest(() => CloseAndCheck(clients));
        }
        finally
        {
            clients.Dispose();
        }

        _host.Dispose();
        CheckAll(clients, isAllClosed: true);
        Dispose();
        Assert.All(_past, static past => Assert.Equal(0, past.Device.LiveRegions));
    }

    public void Dispose()
    {
        _host.Dispose();
        if (!_past.Contains(_device))
        {
            Retire();
        }
    }

    private void Start(HeldDevice device)
    {
        _device = HeldHost.RunningAsync(TestProfile.Of(Elements), device: device).GetAwaiter().GetResult();
        _regionsWhenClosed = Device.LiveRegions;
        Device.Echoes = true;
        _host.Attach(_device.Controller);
    }

    private void Retire()
    {
        _past.Add(_device);
        _device.Dispose();
    }

    private void BreakSomething(Random random)
    {
        // Of what the device holds, some fails.
        _ = Device.CompletePackets(ReceiveBed.Up, random.Next(3), CompletionCode.UndefinedError);
        switch (random.Next(24))
        {
            case 0 or 1 or 2:
                _ = Device.DeliverPiece(ReceiveBed.Down, [], CompletionCode.UndefinedError);
                break;
            case 3 or 4 or 5:
                _ = Device.DeliverPiece(ReceiveBed.Down, [9, 9, 9], CompletionCode.Overflow);
                break;
            case 6 or 7:
                _ = Device.DeliverPiece(ReceiveBed.Down, [], CompletionCode.EndOfTransfer);
                break;
            case 8 or 9:
                _ = Device.DeliverPiece(ReceiveBed.Down, [4, 4], CompletionCode.EndOfTransfer, 2);
                break;
            case 10 or 11:
                Device.PostEvent(0, RingElement.TransferEvent(0x10, CompletionCode.EndOfTransfer, 1, (byte)random.Next(2, 6)));
                break;
            case 12:
                Device.PostEvent(0, RingElement.TransferEvent(0x10, CompletionCode.EndOfTransfer, 1, (byte)random.Next(2)));
                break;
            case 13 or 14:
                Device.Echoes = false;
                break;
            case 15 or 16:
                Device.Echoes = true;
                break;
            case 17:
                Device.FailingAllocation = random.Next(3);
                break;
            case 18:
                int refused = random.Next(2);
                int left = random.Next(1, 4);
                Device.Answers = (type, channel) => type == ElementType.StartChannel && channel == refused && left-- > 0 ? CommandAnswer.Refuse : CommandAnswer.Succeed;
                break;
            case 19:
                _host.Remove(_device.Controller);
                _host.Remove(_device.Controller);
                _host.Attach(_device.Controller);
                break;
            case 20:
                Device.FailingAllocation = 0;
                _device.Controller.PowerDown();
                _device.Controller.PowerUp();
                break;
            case 21:
                Device.FailingAllocation = 0;
                Device.RaiseSystemError(withEvent: random.Next(2) == 0);
                ReceiveBed.Until(() => _device.Controller.State == MhiControllerState.Failed);
                _device.Controller.PowerUp();
                break;
            case 22:
                HeldHost old = _device;
                old.Device.Vanish();
                Retire();
                _host.Remove(old.Controller);
                Start(old.Device.ComeBack());
                break;
            default:
                _host.Stop();
                _host.Start();
                break;
        }
    }

    private void CloseAndCheck(SoakClients clients)
    {
        clients.CloseAll();
        CheckAll(clients, isAllClosed: true);
        ReceiveBed.Until(() => Device.LiveRegions == _regionsWhenClosed);
        Assert.All(_past, static past => Assert.Equal(0, past.Device.LiveRegions));
    }

    private void CheckAll(SoakClients clients, bool isAllClosed)
    {
        Device.ForgetRecords();
        foreach (UciNode node in clients.Nodes)
        {
            UciCounters counters = default;
            bool isBalanced = SpinWait.SpinUntil(() => IsBalanced(counters = node.Counters, clients, node, isAllClosed), UciBed.Long);
            Assert.True(isBalanced, $"{node.Name}, {node.Generation}, gone {node.IsGone}, {clients.OpenHandles(node)} open, {clients.WrittenBytes(node)} written: {counters}");
        }

        string found = "";
        bool isTallied = SpinWait.SpinUntil(() => IsTallied(clients.Nodes, out found), UciBed.Long);
        Assert.True(isTallied, found);
    }

    // What all nodes together have counted, against what all devices together have reported. A device may have reported more:
    // what was under way when a channel went down. It counts as dropped then, and as nothing else.
    private bool IsTallied(UciNode[] nodes, out string found)
    {
        UciCounters[] counters = [.. nodes.Select(static node => node.Counters)];
        (long Good, long GoodBytes, long Failed, long FailedBytes)[] reported =
            [.. _past.Append(_device).Distinct().Select(static device => device.Device.UplinkTally)];
        (long, long) good = Unseen(static each => each.Good, static each => each.CompletedBuffers);
        (long, long) failed = Unseen(static each => each.Failed, static each => each.FailedBuffers);
        (long, long) goodBytes = Unseen(static each => each.GoodBytes, static each => each.CompletedBytes);
        (long, long) failedBytes = Unseen(static each => each.FailedBytes, static each => each.FailedBytes);
        long held = Device.Outstanding(ReceiveBed.Up).Length;
        found = $"reported and counted: {good}, {failed}, {goodBytes}, {failedBytes}; held: {held}; {string.Join("; ", counters)}";
        return IsDropped(good, failed, counters.Sum(static each => each.DroppedBuffers))
            && IsDropped(goodBytes, failedBytes, counters.Sum(static each => each.DroppedBytes))
            && held == counters.Sum(static each => each.OutstandingBuffers);

        (long Reported, long Counted) Unseen(
            Func<(long Good, long GoodBytes, long Failed, long FailedBytes), long> report, Func<UciCounters, long> count) =>
            (reported.Sum(report), counters.Sum(count));

        static bool IsDropped((long Reported, long Counted) good, (long Reported, long Counted) failed, long dropped) =>
            good.Counted <= good.Reported
            && failed.Counted <= failed.Reported
            && good.Reported - good.Counted + failed.Reported - failed.Counted <= dropped;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;

    // What moves comes to rest by itself; whatever never does is out of balance.
    private static bool IsBalanced(UciCounters counters, SoakClients clients, UciNode node, bool isAllClosed)
    {
        long received = counters.PostedBuffers + counters.PendingBuffers + counters.CurrentBuffers + counters.DeferredBuffers;
        bool isOpen = clients.OpenHandles(node) != 0;
        return counters.Waiters == 0
            && counters.OpenHandles == clients.OpenHandles(node)
            && received == (isOpen ? Elements - 1 : 0)
            && counters.QueuedBytes == clients.WrittenBytes(node)
            && (!isAllClosed || (counters.OutstandingBuffers == 0 && !isOpen));
    }
}
