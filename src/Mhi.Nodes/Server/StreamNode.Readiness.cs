using System.Collections.Generic;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Server;

/// <summary>
/// Polls. A program that waits is told once of each change: of an event that was not in the answer to its last POLL, of one
/// that has been seen not to hold since then, and of new data.
/// </summary>
internal sealed partial class StreamNode
{
    private const uint PollIn = 0x1;
    private const uint PollOut = 0x4;
    private const uint PollError = 0x8;
    private const uint PollHangUp = 0x10;
    private const uint PollReadNormal = 0x40;
    private const uint PollReadBand = 0x80;
    private const uint PollWriteNormal = 0x100;
    private const uint PollWriteBand = 0x200;
    private const uint PollReadHangUp = 0x2000;

    // Those that wait; few, whatever the number of open files.
    private readonly List<OpenFile> _watched = [];

    /// <summary>Answers POLL, always at once.</summary>
    /// <param name="file">The file.</param>
    /// <param name="unique">Number of the request.</param>
    /// <param name="request">What is asked.</param>
    internal void Poll(OpenFile file, ulong unique, in PollRequest request)
    {
        lock (_lock)
        {
            file.KernelHandle = request.KernelHandle;

            // Counted before the events are looked at: what arrives in between is told twice rather than never.
            uint arrivals = file.Handle.Arrivals;
            NodeEvents now = EventsOf(file);
            if ((request.Flags & PollRequest.ScheduleNotify) != 0)
            {
                Watch(file, InterestOf(request.Events), now, arrivals);
            }

            _ = _device.ReplyWith(unique, new PollReply { Events = ToPoll(now) });
            Evaluate();
        }
    }

    private static NodeEvents InterestOf(uint events) =>
        ((events & (PollIn | PollReadNormal | PollReadBand)) != 0 ? NodeEvents.In : NodeEvents.None)
        | ((events & (PollOut | PollWriteNormal | PollWriteBand)) != 0 ? NodeEvents.Out : NodeEvents.None);

    private static uint ToPoll(NodeEvents events) =>
        ((events & NodeEvents.In) != 0 ? PollIn | PollReadNormal : 0)
        | ((events & NodeEvents.Out) != 0 ? PollOut | PollWriteNormal : 0)
        | ((events & NodeEvents.Error) != 0 ? PollError : 0)
        | ((events & NodeEvents.HangUp) != 0 ? PollHangUp | PollReadHangUp : 0);

    private NodeEvents EventsOf(OpenFile file)
    {
        NodeEvents events = file.Handle.Events;
        if (_putBack.Length != 0)
        {
            events |= NodeEvents.In;
        }

        if (_isWithdrawn)
        {
            events |= NodeEvents.Error | NodeEvents.HangUp;
        }

        // Whoever writes now stands behind those that wait.
        if (!file.CanWrite || _isWithdrawn || file.IsRefused || _writes.First is not null)
        {
            events &= ~NodeEvents.Out;
        }

        return file.CanRead ? events : events & ~NodeEvents.In;
    }

    private void Watch(OpenFile file, NodeEvents interest, NodeEvents now, uint arrivals)
    {
        if (file.IsWatched)
        {
            // Several may poll one open file, each for something else. What is told to this one is still news to the others.
            file.Interest |= interest;
            file.Reported &= now;
            return;
        }

        file.IsWatched = true;
        file.Interest = interest;
        file.Reported = now;
        file.SeenArrivals = arrivals;
        _watched.Add(file);
    }

    private void Unwatch(OpenFile file)
    {
        if (file.IsWatched)
        {
            file.IsWatched = false;
            _ = _watched.Remove(file);
        }
    }

    // Reads have seen that there is nothing, or taken what there was: what comes next is news to everybody.
    private void ForgetIn()
    {
        foreach (OpenFile file in _watched)
        {
            file.Reported &= ~NodeEvents.In;
        }
    }

    // A write found no room: when there is some, that is news to its program. To others it is not: a message of theirs may be
    // shorter, and for it there was room all the time.
    private void ForgetOut(OpenFile file)
    {
        file.Reported &= ~NodeEvents.Out;
        if ((file.Handle.Events & NodeEvents.Out) != 0)
        {
            // A poll that said so again would have the program write and be refused for ever. Listened to at once, also for
            // programs that only look and do not wait.
            file.IsRefused = true;
            Arm(file, NodeEvents.Out);
        }
    }

    /// <summary>Tells those that wait what is new, and listens for what they and the parked requests still wait for.</summary>
    private void Evaluate()
    {
        for (int i = _watched.Count - 1; i >= 0; i--)
        {
            OpenFile file = _watched[i];
            uint arrivals = file.Handle.Arrivals;
            NodeEvents now = EventsOf(file);
            NodeEvents wanted = file.Interest | NodeEvents.Error | NodeEvents.HangUp;
            bool isFresh = (now & file.Interest & NodeEvents.In) != 0 && arrivals != file.SeenArrivals;
            if ((now & ~file.Reported & wanted) != 0 || isFresh)
            {
                file.IsWatched = false;
                _watched.RemoveAt(i);
                _device.NotifyPoll(file.KernelHandle);
                continue;
            }

            file.Reported &= now;
            Arm(file, (file.Interest | NodeEvents.HangUp) & ~now);

            // After the end nothing arrives, and the handle would report the end at once, again and again.
            if ((now & file.Interest & NodeEvents.In) != 0 && !file.IsArrivalArmed && (now & NodeEvents.HangUp) == 0)
            {
                file.IsArrivalArmed = true;
                file.Handle.ArmArrival(file.SeenArrivals);
            }
        }

        if (_reads.First is { File: { } reader })
        {
            Arm(reader, NodeEvents.In);
        }

        if (_writes.First is { File: { } writer })
        {
            Arm(writer, NodeEvents.Out);
        }
    }

    private void Arm(OpenFile file, NodeEvents events)
    {
        // A handle that has ended would report at once, again and again, and nothing new.
        NodeEvents missing = events & ~file.Armed;
        if (missing != 0 && !_isWithdrawn && (file.Handle.Events & NodeEvents.HangUp) == 0)
        {
            file.Armed |= missing;
            file.Handle.Arm(missing);
        }
    }
}
