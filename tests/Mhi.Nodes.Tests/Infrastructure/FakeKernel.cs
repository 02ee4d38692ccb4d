using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>The kernel's end of a connection: gives requests, keeps replies, and forgets those it does not wait for.</summary>
internal sealed class FakeKernel : FuseDevice
{
    private readonly object _lock = new();
    private readonly Queue<byte[]> _requests = new();
    private readonly Queue<int> _readErrors = new();
    private readonly Dictionary<ulong, byte[]> _replies = [];
    private readonly List<ulong> _notified = [];
    private readonly HashSet<ulong> _gone = [];
    private int _sleeping;
    private bool _isStopped;

    /// <summary>Most threads that slept here at the same time.</summary>
    public int MostSleeping { get; private set; }

    /// <summary>Whether replies are only counted, so that nothing is allocated for them.</summary>
    public bool OnlyCounts { get; set; }

    public int Count { get; private set; }

    /// <summary>Gives a request to the loop that reads.</summary>
    public void Ask(byte[] request)
    {
        lock (_lock)
        {
            _requests.Enqueue(request);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A read fails.</summary>
    public void FailRead(int error)
    {
        lock (_lock)
        {
            _readErrors.Enqueue(error);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The program behind a request has been taken out of its wait: a reply meets ENOENT.</summary>
    public void Forget(ulong unique)
    {
        lock (_lock)
        {
            _ = _gone.Add(unique);
        }
    }

    /// <summary>Takes the reply to a request; waits for it.</summary>
    public byte[] TakeReply(ulong unique)
    {
        lock (_lock)
        {
            byte[]? reply;
            while (!_replies.Remove(unique, out reply))
            {
                if (!Monitor.Wait(_lock, TimeSpan.FromSeconds(20)))
                {
                    throw new TimeoutException($"Request {unique} was not answered.");
                }
            }

            return reply;
        }
    }

    public bool HasReply(ulong unique)
    {
        lock (_lock)
        {
            return _replies.ContainsKey(unique);
        }
    }

    /// <summary>Takes the files whose pollers were woken.</summary>
    public ulong[] TakeNotified()
    {
        lock (_lock)
        {
            ulong[] notified = [.. _notified];
            _notified.Clear();
            return notified;
        }
    }

    internal override int Read(Span<byte> buffer)
    {
        lock (_lock)
        {
            if (_isStopped)
            {
                return -Errno.NoDevice;
            }

            if (_readErrors.TryDequeue(out int error))
            {
                return -error;
            }

            if (!_requests.TryDequeue(out byte[]? request))
            {
                return -Errno.Again;
            }

            request.CopyTo(buffer);
            return request.Length;
        }
    }

    internal override int Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            Count++;
            if (OnlyCounts)
            {
                return head.Length + body.Length;
            }

            byte[] reply = [.. head, .. body];
            ReplyHeader header = MemoryMarshal.Read<ReplyHeader>(reply);
            if (header.Length != (uint)reply.Length || (header.Unique != 0 && header.Error > 0) || header.Error <= -512)
            {
                return -Errno.Invalid;
            }

            if (header.Unique == 0)
            {
                _notified.Add(MemoryMarshal.Read<PollNotification>(reply).KernelHandle);
                return reply.Length;
            }

            // A request is answered once; a reply to an interrupt is for a request that still waits.
            ulong request = header.Unique & ~1UL;
            if (_gone.Contains(request) || !_replies.TryAdd(header.Unique, reply))
            {
                return -Errno.NoEntry;
            }

            Monitor.PulseAll(_lock);
            return reply.Length;
        }
    }

    internal override bool WaitForRequest()
    {
        lock (_lock)
        {
            MostSleeping = Math.Max(MostSleeping, ++_sleeping);
            while (_requests.Count == 0 && _readErrors.Count == 0 && !_isStopped)
            {
                _ = Monitor.Wait(_lock);
            }

            _sleeping--;
            return !_isStopped;
        }
    }

    internal override void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    public override void Dispose() => Stop();
}
