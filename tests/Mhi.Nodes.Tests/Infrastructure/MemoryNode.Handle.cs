using System;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <content>One open of the stream.</content>
internal sealed partial class MemoryNode
{
    private sealed class MemoryHandle(MemoryNode node, INodeListener listener) : NodeHandle, IThreadPoolWorkItem
    {
        private NodeEvents _armed;
        private NodeEvents _due;
        private bool _isArrivalArmed;
        private bool _needsMoreRoom;
        private uint _seen;

        public override int MaxPacketLength => node.MaxPacketLength;

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
                if (count == 0 || (node.TakesWhole && count < source.Length))
                {
                    _needsMoreRoom = true;
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

        public override async Task CloseAsync()
        {
            lock (node._lock)
            {
                _ = node._handles.Remove(this);
                node.Closing++;
            }

            await node.CloseGate;
            lock (node._lock)
            {
                node.Closed++;
            }

            if (node.CloseFault is { } fault)
            {
                throw fault;
            }
        }

        public void Execute() => CallListener();

        internal bool CallListener()
        {
            NodeEvents due;
            lock (node._lock)
            {
                due = _due;
                _due = NodeEvents.None;
            }

            if (due != NodeEvents.None)
            {
                _ = Interlocked.Increment(ref node._calls);
                listener.OnReady(due);
            }

            return due != NodeEvents.None;
        }

        internal void NoteRoom() => _needsMoreRoom = false;

        internal void Check()
        {
            NodeEvents fired = _armed & (node._isGone ? NodeEvents.In | NodeEvents.Out | NodeEvents.HangUp : node.EventsNow());
            if (_needsMoreRoom && !node._isGone)
            {
                fired &= ~NodeEvents.Out;
            }

            if (_isArrivalArmed && (node.Arrivals != _seen || node._isGone))
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
