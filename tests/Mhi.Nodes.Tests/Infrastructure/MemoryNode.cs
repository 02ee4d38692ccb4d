using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>A stream in memory, its other end in the hands of the test.</summary>
internal sealed partial class MemoryNode(string name, bool isTerminal = false) : NodeFile
{
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _unread = new();
    private readonly List<MemoryHandle> _handles = [];
    private int _readOfFirst;
    private int _room = int.MaxValue;
    private bool _isGone;
    private int _calls;

    /// <summary>Whether listeners are called by <see cref="CallListeners"/> instead of the thread pool.</summary>
    public bool IsManual { get; init; }

    /// <summary>Whether what programs write is kept.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Whether what programs write comes back, packet by packet.</summary>
    public bool Echoes { get; init; }

    /// <summary>Whether it takes a write as a whole or not at all, as a channel does with a message.</summary>
    public bool TakesWhole { get; init; }

    /// <summary>Most bytes of a packet.</summary>
    public int MaxPacketLength { get; init; } = int.MaxValue;

    /// <summary>What a close fails with; null for nothing.</summary>
    public Exception? CloseFault { get; set; }

    /// <summary>Held by a test that wants closes to take their time.</summary>
    public Task CloseGate { get; set; } = Task.CompletedTask;

    /// <summary>Held by a test that wants opens to take their time.</summary>
    public Task OpenGate { get; set; } = Task.CompletedTask;

    /// <summary>What an open fails with; 0 for none.</summary>
    public int OpenError { get; set; }

    public List<byte[]> Written { get; } = [];

    public int Opened { get; private set; }

    public int Closed { get; private set; }

    /// <summary>How many closes have begun.</summary>
    public int Closing { get; private set; }

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
                foreach (MemoryHandle handle in _handles)
                {
                    handle.NoteRoom();
                }

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

    public bool HasWritten
    {
        get
        {
            lock (_lock)
            {
                return Written.Count != 0;
            }
        }
    }

    /// <summary>Takes the number of calls of listeners since the last time, after those that are under way.</summary>
    public int TakeCalls()
    {
        // A call comes from the thread pool: one that was queued before is over when what is queued now has run.
        for (int i = 0; i < 100; i++)
        {
            using var turn = new ManualResetEventSlim();
            _ = ThreadPool.UnsafeQueueUserWorkItem(static turn => turn.Set(), turn, preferLocal: false);
            turn.Wait();
        }

        return Interlocked.Exchange(ref _calls, 0);
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
    /// <returns>How many there were.</returns>
    public int CallListeners()
    {
        MemoryHandle[] handles;
        lock (_lock)
        {
            handles = [.. _handles];
        }

        int called = 0;
        foreach (MemoryHandle handle in handles)
        {
            called += handle.CallListener() ? 1 : 0;
        }

        return called;
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
}
