using System;
using System.Collections.Generic;
using Mhi.Controller;
using Mhi.Interleavings.Scheduling;

namespace Mhi.Interleavings.Seed;

/// <summary>
/// A model of the decisions that revision 6 of the kernel driver takes, made from the description of its behaviour: one
/// count of references that open and close read as "somebody else has it open", one mutex for both directions that a wait
/// lets go of, a wait of readers for the list alone, a count of free descriptors taken before the mutex. The search has to
/// find what is wrong with each.
/// </summary>
internal sealed class SeedNode(Execution execution, SeedChannel channel)
{
    // One reference is the binding's.
    private const int OfBindingAndOneFile = 2;

    private readonly UciLock _mutex = new();
    private readonly Queue<byte[]> _pending = new();
    private byte[]? _current;
    private int _references = 1;

    internal void Open()
    {
        SchedulePoint.Hit();
        _references++;
        try
        {
            using (_mutex.EnterScope())
            {
                if (_references > OfBindingAndOneFile)
                {
                    return;
                }

                channel.Start();
                for (int free = channel.Free; free > 0; free--)
                {
                    channel.Post();
                }
            }
        }
        catch (SeedException)
        {
            // The mutex is free again before the reference is dropped.
            SchedulePoint.Hit();
            _references--;
            throw;
        }
    }

    internal void Close()
    {
        SchedulePoint.Hit();
        if (_references <= OfBindingAndOneFile)
        {
            channel.Stop();
            _pending.Clear();
            _current = null;
        }

        SchedulePoint.Hit();
        _references--;
    }

    internal byte[] Read(int most)
    {
        bool isEmpty;
        using (_mutex.EnterScope())
        {
            isEmpty = _current is null && _pending.Count == 0;
        }

        if (isEmpty)
        {
            execution.Block(() => _pending.Count != 0, "packet");
        }

        using (_mutex.EnterScope())
        {
            if (_current is null && !_pending.TryDequeue(out _current))
            {
                throw new SeedException("EIO");
            }

            byte[] rest = _current;
            int count = Math.Min(most, rest.Length);
            _current = count < rest.Length ? rest[count..] : null;
            if (_current is null)
            {
                channel.Post();
            }

            return rest[..count];
        }
    }

    internal void Write(byte[] data)
    {
        int written = 0;
        while (written < data.Length)
        {
            int free = 0;
            execution.Block(() => (free = channel.Free) > 0, "descriptor");
            using (_mutex.EnterScope())
            {
                int length = Math.Min(SeedChannel.Mtu, data.Length - written);
                bool isLast = written + length == data.Length;
                channel.Queue(data[written..(written + length)], isChained: free > 1 && !isLast);
                written += length;
            }
        }
    }

    /// <summary>The device has completed a receive buffer.</summary>
    internal void Receive(byte[] packet)
    {
        SchedulePoint.Hit();
        _pending.Enqueue(packet);
    }
}
