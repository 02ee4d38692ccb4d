using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>
/// Clients that do anything a client may, at random, on handles that they share and close under each other. Every packet is
/// one byte repeated, so whatever a read returns must be one byte repeated.
/// </summary>
internal sealed class SoakClients : IDisposable
{
    public const int Clients = 8;

    private const int Slots = 4;

    // A step is taken under it by a client, and everybody is at rest for whoever has it alone.
    private readonly ReaderWriterLockSlim _steps = new();
    private readonly Func<string> _nodeName;
    private readonly UciHost _host;
    private readonly UciHandle?[] _slots = new UciHandle?[Slots];
    private readonly ConcurrentDictionary<UciNode, long[]> _writtenBytes = new();
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly Thread[] _threads;
    private volatile bool _stopping;
    private long _stepsTaken;

    public SoakClients(UciHost host, Func<string> nodeName, int seed)
    {
        _host = host;
        _nodeName = nodeName;
        _threads = [.. Enumerable.Range(0, Clients).Select(client => new Thread(() => Run(new Random(seed + client))) { IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Steps that all clients have taken.</summary>
    public long Steps => Interlocked.Read(ref _stepsTaken);

    /// <summary>Every node that a client has ever had open.</summary>
    public UciNode[] Nodes => [.. _writtenBytes.Keys];

    /// <summary>Bytes that writes on a node said they had queued.</summary>
    public long WrittenBytes(UciNode node) => Interlocked.Read(ref _writtenBytes[node][0]);

    /// <summary>Handles of a node in the slots.</summary>
    public int OpenHandles(UciNode node) => _slots.Count(handle => handle?.Node == node);

    /// <summary>Lets the clients take so many steps.</summary>
    public void LetThem(int steps)
    {
        long goal = Steps + steps;
        ReceiveBed.Until(() => Steps >= goal || !_faults.IsEmpty);
        Assert.Empty(_faults);
    }

    /// <summary>Does something while no client is in a call.</summary>
    public void AtRest(Action action)
    {
        _steps.EnterWriteLock();
        try
        {
            action();
        }
        finally
        {
            _steps.ExitWriteLock();
        }

        Assert.Empty(_faults);
    }

    /// <summary>Closes every handle. At rest.</summary>
    public void CloseAll()
    {
        for (int i = 0; i < Slots; i++)
        {
            Interlocked.Exchange(ref _slots[i], null)?.Dispose();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }

        CloseAll();
        _steps.Dispose();
    }

    private void Run(Random random)
    {
        byte[] buffer = new byte[4096];
        while (!_stopping && _faults.IsEmpty)
        {
            _steps.EnterReadLock();
            try
            {
                Step(random, buffer);
            }
            catch (Exception exception) when (exception is IUciError)
            {
                // Refused, in one of the ways that are promised.
            }
            catch (Exception exception)
            {
                _faults.Enqueue(exception);
            }
            finally
            {
                _steps.ExitReadLock();
                _ = Interlocked.Increment(ref _stepsTaken);
            }
        }
    }

    private void Step(Random random, byte[] buffer)
    {
        int slot = random.Next(Slots);
        UciHandle? handle = Volatile.Read(ref _slots[slot]);
        if (handle is null)
        {
            Open(slot, random);
            return;
        }

        TimeSpan limit = TimeSpan.FromMilliseconds(random.Next(4));
        using var canceller = new CancellationTokenSource();
        Memory<byte> some = buffer.AsMemory(0, random.Next(1, 300));
        Memory<byte> packet;
        switch (random.Next(14))
        {
            case 0:
                _ = Interlocked.CompareExchange(ref _slots[slot], null, handle);
                handle.Dispose();
                break;
            case 1 or 2:
                packet = Packet(buffer, random, 300);
                Written(handle, handle.Write(packet.Span, limit), packet.Length);
                break;
            case 3:
                packet = Packet(buffer, random, 4000);
                UciSendResult sending = handle.Send(packet.Span, limit);
                if (sending.Status == UciStatus.Done)
                {
                    Written(handle, sending.Count, packet.Length);
                }

                break;
            case 4:
                packet = Packet(buffer, random, 1000);
                if (handle.WriteMessage(packet.Span, limit) == UciStatus.Done)
                {
                    Written(handle, packet.Length, packet.Length);
                }

                break;
            case 5:
                canceller.CancelAfter(limit);
                packet = Packet(buffer, random, 3000);
                Written(handle, handle.WriteAsync(packet, canceller.Token).AsTask().GetAwaiter().GetResult(), packet.Length);
                break;
            case 6 or 7:
                CheckRead(some.Span, handle.Read(some.Span, limit));
                break;
            case 8:
                Check(buffer.AsSpan(0, handle.Receive(some.Span, limit).Count));
                break;
            case 9:
                canceller.CancelAfter(limit);
                CheckRead(some.Span, handle.ReadAsync(some, canceller.Token).AsTask().GetAwaiter().GetResult());
                break;
            case 10:
                if (handle.TryReceive(buffer, out UciReceiveResult result) == UciStatus.Done)
                {
                    Check(buffer.AsSpan(0, result.Count));
                }

                break;
            case 11:
                _ = handle.Poll((UciPollEvents)random.Next(1, 4), limit);
                break;
            case 12:
                handle.Flush(limit);
                break;
            default:
                byte[] own = new byte[300];
                Task<int> first = handle.ReadAsync(own, limit).AsTask();
                Task<UciPollEvents> second = handle.PollAsync(UciPollEvents.In, limit).AsTask();
                handle.NonBlocking = random.Next(8) == 0;
                _ = Task.WhenAll(first, second).ContinueWith(static all => all.Exception, TaskScheduler.Default).Wait(UciBed.Long);
                if (first.IsCompletedSuccessfully)
                {
                    CheckRead(own, first.Result);
                }

                break;
        }
    }

    private void Open(int slot, Random random)
    {
        UciHandle handle = _host.Open(_nodeName(), new UciOpenOptions
        {
            Timeout = random.Next(8) == 0 ? TimeSpan.FromMilliseconds(1) : UciBed.Long,
            NonBlocking = random.Next(8) == 0,
        });
        _ = _writtenBytes.GetOrAdd(handle.Node, static _ => new long[1]);
        if (Interlocked.CompareExchange(ref _slots[slot], handle, null) is not null)
        {
            handle.Dispose();
        }
    }

    private static Memory<byte> Packet(byte[] buffer, Random random, int most)
    {
        Memory<byte> packet = buffer.AsMemory(0, random.Next(1, most));
        packet.Span.Fill((byte)random.Next(256));
        return packet;
    }

    // 0 is no result of a call that was asked for something and did not fail.
    private void Written(UciHandle handle, int count, int length)
    {
        Assert.InRange(count, 1, length);
        _ = Interlocked.Add(ref _writtenBytes[handle.Node][0], count);
    }

    private static void CheckRead(Span<byte> destination, int count)
    {
        Assert.InRange(count, 1, destination.Length);
        Check(destination[..count]);
    }

    private static void Check(Span<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Assert.Equal(-1, bytes.IndexOfAnyExcept(bytes[0]));
        }
    }
}
