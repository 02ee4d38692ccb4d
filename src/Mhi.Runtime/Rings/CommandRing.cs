using Mhi.Interop.Memory;
using Mhi.Pci;
using Mhi.Protocol;

namespace Mhi.Rings;

/// <summary>The host's side of the command ring. Used by the poll thread only.</summary>
/// <remarks>
/// A completion is matched to the command by the address of its element: a late, repeated or invented one finds no
/// outstanding command and changes nothing.
/// </remarks>
internal sealed class CommandRing
{
    /// <summary>Elements of the ring.</summary>
    internal const int ElementCount = 128;

    /// <summary>Length of the ring in bytes.</summary>
    internal const uint LengthBytes = ElementCount * RingElement.Length;

    private readonly SharedRing<RingElement> _elements;
    private readonly SharedWord _contextWritePointer;
    private readonly PendingCommand?[] _pending = new PendingCommand?[ElementCount];

    // Given up on, but perhaps still to be taken by the device: the element must not be overwritten yet.
    private readonly bool[] _abandoned = new bool[ElementCount];
    private uint _write;
    private uint _read;

    /// <summary>Creates an empty ring.</summary>
    /// <param name="region">Memory that holds context and elements.</param>
    /// <param name="offset">Where the elements begin; the bus address is a multiple of the ring's length.</param>
    /// <param name="contextOffset">Where the command context begins.</param>
    internal CommandRing(DmaRegion region, long offset, long contextOffset)
    {
        _elements = region.Memory.Ring<RingElement>(offset, ElementCount);
        _contextWritePointer = region.Memory.Word(contextOffset + RingContext.WritePointer);
        Base = region.BusAddress + (ulong)offset;
    }

    /// <summary>Bus address of element 0.</summary>
    internal ulong Base { get; }

    /// <summary>Commands waiting for their completion.</summary>
    internal int PendingCount { get; private set; }

    /// <summary>Bus address one past the last command: what context and doorbell say.</summary>
    internal ulong WritePointer => Base + ((_write & (ElementCount - 1)) << RingElement.LengthShift);

    /// <summary>Queues a command and shows it to the device; the doorbell follows.</summary>
    /// <param name="command">The command.</param>
    /// <returns>False when the ring is full of commands that the device never took.</returns>
    internal bool TryEnqueue(PendingCommand command)
    {
        if (_write - _read == ElementCount - 1)
        {
            return false;
        }

        _elements.Write(_write, RingElement.Command(command.Type, command.Channel));
        _pending[_write & (ElementCount - 1)] = command;
        PendingCount++;
        _write++;

        // Release: the element is stored before the pointer that covers it.
        _contextWritePointer.WriteRelease((uint)WritePointer);
        return true;
    }

    /// <summary>Finds the command that a completion event answers.</summary>
    /// <param name="elementAddress">The event's pointer, as the device wrote it.</param>
    /// <returns>The command, no longer pending; null when the address names none that is.</returns>
    internal PendingCommand? TryComplete(ulong elementAddress)
    {
        ulong offset = elementAddress - Base;
        if (offset >= LengthBytes || (offset & (RingElement.Length - 1)) != 0)
        {
            return null;
        }

        uint index = (uint)(offset >> RingElement.LengthShift);
        uint distance = (index - _read) & (ElementCount - 1);
        if (distance >= _write - _read)
        {
            return null;
        }

        PendingCommand? command = _pending[index];
        _pending[index] = null;
        if (command is not null)
        {
            PendingCount--;
        }

        // The device takes commands in order: what lies before a completed one has been taken too, answered or not.
        for (uint i = _read; i != _read + distance + 1; i++)
        {
            _abandoned[i & (ElementCount - 1)] = false;
        }

        while (_read != _write && _pending[_read & (ElementCount - 1)] is null && !_abandoned[_read & (ElementCount - 1)])
        {
            _read++;
        }

        return command;
    }

    /// <summary>Gives up on the oldest command whose time is over; a completion that still comes finds nothing.</summary>
    /// <param name="now">Current time stamp of the controller's clock.</param>
    /// <returns>The command, or null when none is overdue.</returns>
    internal PendingCommand? TryExpire(long now)
    {
        for (uint i = _read; i != _write; i++)
        {
            ref PendingCommand? slot = ref _pending[i & (ElementCount - 1)];
            if (slot is not null && now - slot.Deadline >= 0)
            {
                PendingCommand expired = slot;
                slot = null;
                _abandoned[i & (ElementCount - 1)] = true;
                PendingCount--;
                return expired;
            }
        }

        return null;
    }

    /// <summary>Gives every pending command a new deadline: the device could not answer before.</summary>
    /// <param name="deadline">Time stamp of the controller's clock.</param>
    internal void Restart(long deadline)
    {
        for (uint i = _read; i != _write; i++)
        {
            ref PendingCommand? slot = ref _pending[i & (ElementCount - 1)];
            slot = slot is null ? null : slot with { Deadline = deadline };
        }
    }

    /// <summary>The earliest deadline among the pending commands.</summary>
    /// <returns>A time stamp of the controller's clock; <see cref="long.MaxValue"/> when none is pending.</returns>
    internal long NextDeadline()
    {
        long next = long.MaxValue;
        for (uint i = _read; i != _write; i++)
        {
            if (_pending[i & (ElementCount - 1)] is { } command && command.Deadline < next)
            {
                next = command.Deadline;
            }
        }

        return next;
    }
}
