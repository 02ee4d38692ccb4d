using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>A stream in memory, its other end in the hands of the test.</summary>
internal sealed class MemoryNode(string name, bool isTerminal = false) : NodeFile
{
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _unread = new();
    private readonly List<MemoryHandle> _handles = [];
    private int _readOfFirst;
    private int _room = int.MaxValue;
    private bool _isGone;

    /// <summary>Whether listeners are called by <see cref="CallListeners"/> instead of the thread pool.</summary>
    public bool IsManual { get; init; }

    /// <summary>Whether what programs write is kept.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Whether what programs write comes back, packet by packet.</summary>
    public bool Echoes { get; init; }

    /// <summary>Held by a test that wants opens to take their time.</summary>
    public Task OpenGate { get; set; } = Task.CompletedTask;

    /// <summary>What an open fails with; 0 for none.</summary>
    public int OpenError { get; set; }

    public List<byte[]> Written { get; } = [];

    public int Opened { get; private set; }

    public int Closed { get; private set; }

    public override string Name { get; } = name;

    public override int MaxReadLength => 0x10000;

    public override bool IsTerminal { get; } = isTerminal;

    internal uint Arrivals { get; private set; }

    /// <summary>Bytes it takes before it is full.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
            {
                return _room;
            }
        }

        set
        {
            lock (_lock)
            {
                _room = value;
                Changed();
            }
        }
    }

    public int UnreadMessages
    {
        get
        {
            lock (_lock)
            {
                return _unread.Count;
            }
        }
    }

    public byte[][] TakeWritten()
    {
        lock (_lock)
        {
            byte[][] written = [.. Written];
            Written.Clear();
            return written;
        }
    }

    /// <summary>A message arrives.</summary>
    public void Push(byte[] message)
    {
        lock (_lock)
        {
            _unread.Enqueue(message);
            Arrivals++;
            Changed();
        }
    }

    /// <summary>The device goes.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _isGone = true;
            Changed();
        }
    }

    /// <summary>Calls the listeners that are due.</summary>
    public void CallListeners()
    {
        MemoryHandle[] handles;
        lock (_lock)
        {
            handles = [.. _handles];
        }

        foreach (MemoryHandle handle in handles)
        {
            handle.Execute();
        }
    }

    /// <summary>Calls the listener of the first handle, allocating nothing.</summary>
    public void CallFirstListener() => _handles[0].Execute();

    public override async Task<NodeHandle> OpenAsync(NodeAccess access, INodeListener listener, CancellationToken cancellationToken)
    {
        await OpenGate.WaitAsync(cancellationToken);
        if (OpenError != 0)
        {
            throw new NodeException("The test wants it so.", OpenError);
        }

        lock (_lock)
        {
            var handle = new MemoryHandle(this, listener);
            _handles.Add(handle);
            Opened++;
            return handle;
        }
    }

    private void Changed()
    {
        foreach (MemoryHandle handle in _handles)
        {
            handle.Check();
        }
    }

    private NodeEvents EventsNow() =>
        (_unread.Count != 0 ? NodeEvents.In : NodeEvents.None)
        | (_isGone ? NodeEvents.Error | NodeEvents.HangUp : _room > 0 ? NodeEvents.Out : NodeEvents.None);

    private sealed class MemoryHandle(MemoryNode node, INodeListener listener) : NodeHandle, IThreadPoolWorkItem
    {
        private NodeEvents _armed;
        private NodeEvents _due;
        private bool _isArrivalArmed;
        private uint _seen;

        public override NodeEvents Events
        {
            get
            {
                lock (node._lock)
                {
                    return node.EventsNow();
                }
            }
        }

        public override uint Arrivals
        {
            get
            {
                lock (node._lock)
                {
                    return node.Arrivals;
                }
            }
        }

        public override int Available
        {
            get
            {
                lock (node._lock)
                {
                    int sum = -node._readOfFirst;
                    foreach (byte[] message in node._unread)
                    {
                        sum += message.Length;
                    }

                    return sum;
                }
            }
        }

        public override int TryRead(Span<byte> destination)
        {
            lock (node._lock)
            {
                if (!node._unread.TryPeek(out byte[]? message))
                {
                    return node._isGone ? -Errno.NoDevice : -Errno.Again;
                }

                int count = Math.Min(destination.Length, message.Length - node._readOfFirst);
                message.AsSpan(node._readOfFirst, count).CopyTo(destination);
                node._readOfFirst += count;
                if (node._readOfFirst == message.Length)
                {
                    _ = node._unread.Dequeue();
                    node._readOfFirst = 0;
                }

                return count;
            }
        }

        public override int TryWrite(ReadOnlySpan<byte> source)
        {
            lock (node._lock)
            {
                if (node._isGone)
                {
                    return -Errno.NoDevice;
                }

                int count = Math.Min(source.Length, node._room);
                if (count == 0)
                {
                    return -Errno.Again;
                }

                node._room -= node._room == int.MaxValue ? 0 : count;
                if (node.Keeps)
                {
                    node.Written.Add(source[..count].ToArray());
                }

                if (node.Echoes)
                {
                    node._unread.Enqueue(source[..count].ToArray());
                    node.Arrivals++;
                    node.Changed();
                }

                return count;
            }
        }

        public override void Arm(NodeEvents events)
        {
            lock (node._lock)
            {
                _armed |= events;
                Check();
            }
        }

        public override void ArmArrival(uint seen)
        {
            lock (node._lock)
            {
                _isArrivalArmed = true;
                _seen = seen;
                Check();
            }
        }

        public override void Close()
        {
            lock (node._lock)
            {
                _ = node._handles.Remove(this);
                node.Closed++;
            }
        }

        public void Execute()
        {
            NodeEvents due;
            lock (node._lock)
            {
                due = _due;
                _due = NodeEvents.None;
            }

            if (due != NodeEvents.None)
            {
                listener.OnReady(due);
            }
        }

        internal void Check()
        {
            NodeEvents fired = _armed & (node._isGone ? NodeEvents.In | NodeEvents.Out | NodeEvents.HangUp : node.EventsNow());
            if (_isArrivalArmed && node.Arrivals != _seen)
            {
                _isArrivalArmed = false;
                fired |= NodeEvents.In;
            }

            if (fired == NodeEvents.None)
            {
                return;
            }

            _armed &= ~fired;
            bool isScheduled = _due != NodeEvents.None;
            _due |= fired;
            if (!isScheduled && !node.IsManual)
            {
                _ = ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }
    }
}
