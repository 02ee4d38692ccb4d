using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Mhi.Interop.Memory;

namespace Mhi.Rings;

/// <summary>
/// Hands items from one thread to another, in order, with neither locks nor atomic read-modify-write. Full capacity is
/// usable. Indices run freely; their difference is the number of items.
/// </summary>
/// <remarks>One producer thread and one consumer thread at a time. No member blocks or allocates.</remarks>
/// <typeparam name="T">Item type.</typeparam>
public sealed class HandoffRing<T>
    where T : unmanaged
{
    private readonly MaskedArray<T> _items;
    private HandoffProducer _producer;
    private HandoffConsumer _consumer;

    /// <summary>Creates an empty ring.</summary>
    /// <param name="capacity">Largest number of items in flight, a power of two.</param>
    public HandoffRing(int capacity)
    {
        _items = new MaskedArray<T>(capacity);
        _producer.Limit = (nuint)capacity;
    }

    /// <summary>Largest number of items in flight.</summary>
    public int Capacity => _items.Count;

    /// <summary>Items in the ring, as far as the producer can know: never less than there are.</summary>
    public uint CountForProducer
    {
        get
        {
            // Acquire: whoever acts on the free room must not overwrite an item before the consumer's release of it.
            nuint head = Volatile.Read(ref _consumer.Head);
            _producer.Limit = head + (nuint)_items.Count;
            return (uint)(_producer.Tail - head);
        }
    }

    /// <summary>Items in the ring, as far as the consumer can know: never more than there are.</summary>
    public uint CountForConsumer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // Acquire: pairs with the release of Tail, so the items counted are complete.
            _consumer.TailSeen = Volatile.Read(ref _producer.Tail);
            return (uint)(_consumer.TailSeen - _consumer.Head);
        }
    }

    /// <summary>Producer: appends an item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>False when the ring is full.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPush(T item)
    {
        nuint tail = _producer.Tail;
        if (tail == _producer.Limit && !HasRoom())
        {
            return false;
        }

        Append(tail, item);
        return true;
    }

    /// <summary>Producer: appends as many items as fit; the consumer sees them appear at once.</summary>
    /// <param name="items">The items, oldest first.</param>
    /// <returns>How many were appended.</returns>
    public int PushMany(ReadOnlySpan<T> items)
    {
        nuint tail = _producer.Tail;
        uint room = (uint)(_producer.Limit - tail);
        if (room < (uint)items.Length)
        {
            room = (uint)_items.Count - CountForProducer;
        }

        int count = (int)Math.Min(room, (uint)items.Length);
        Span<T> first = _items.ToEnd(tail);
        if (first.Length >= count)
        {
            items[..count].CopyTo(first);
        }
        else
        {
            items[..first.Length].CopyTo(first);
            items[first.Length..count].CopyTo(_items.Start(count - first.Length));
        }

        // Release: pairs with the acquire of Tail by the consumer.
        Volatile.Write(ref _producer.Tail, tail + (nuint)count);
        return count;
    }

    /// <summary>
    /// Producer: appends an item to a ring that cannot be full, because it has room for every item there is. Such a ring
    /// is not used with <see cref="TryPush"/>.
    /// </summary>
    /// <param name="item">The item.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(T item) => Append(_producer.Tail, item);

    /// <summary>Producer: stores an item behind the tail; the consumer does not see it before <see cref="Publish"/>.</summary>
    /// <param name="offset">0 for the next item; the caller knows that there is room.</param>
    /// <param name="item">The item.</param>
    public void Stage(uint offset, T item) => _items[_producer.Tail + offset] = item;

    /// <summary>Producer: shows staged items to the consumer, all at once.</summary>
    /// <param name="count">How many, from offset 0 on.</param>
    public void Publish(uint count) => Volatile.Write(ref _producer.Tail, _producer.Tail + count);

    /// <summary>Producer: looks at an item while the consumer is known to take none.</summary>
    /// <param name="offset">0 for the oldest; less than the last <see cref="CountForProducer"/>.</param>
    /// <returns>A copy of the item.</returns>
    public T PeekForProducer(uint offset) =>
        //// The limit is the head plus the size of the ring, and an index is taken modulo that size.
        _items[_producer.Limit + offset];

    /// <summary>Consumer: takes the oldest item.</summary>
    /// <param name="item">The item; meaningless when the ring is empty.</param>
    /// <returns>False when the ring is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out T item)
    {
        nuint head = _consumer.Head;
        if (head == _consumer.TailSeen && !HasItem())
        {
            Unsafe.SkipInit(out item);
            return false;
        }

        item = Remove(head);
        return true;
    }

    /// <summary>Consumer: takes as many items as there are.</summary>
    /// <param name="destination">Receives them, oldest first.</param>
    /// <returns>How many were taken.</returns>
    public int PopMany(Span<T> destination)
    {
        nuint head = _consumer.Head;
        uint available = (uint)(_consumer.TailSeen - head);
        if (available < (uint)destination.Length)
        {
            available = CountForConsumer;
        }

        int count = (int)Math.Min(available, (uint)destination.Length);
        Span<T> first = _items.ToEnd(head);
        if (first.Length >= count)
        {
            first[..count].CopyTo(destination);
        }
        else
        {
            first.CopyTo(destination);
            _items.Start(count - first.Length).CopyTo(destination[first.Length..]);
        }

        // Release: the items are copied before the producer may overwrite them.
        Volatile.Write(ref _consumer.Head, head + (nuint)count);
        return count;
    }

    /// <summary>Consumer: looks at an item without taking it.</summary>
    /// <param name="offset">0 for the oldest; less than the last <see cref="CountForConsumer"/>.</param>
    /// <returns>A copy of the item.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Peek(uint offset) => _items[_consumer.Head + offset];

    /// <summary>Consumer: drops items it has looked at.</summary>
    /// <param name="count">How many, at most the last <see cref="CountForConsumer"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(uint count) => Volatile.Write(ref _consumer.Head, _consumer.Head + count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Append(nuint tail, T item)
    {
        nuint next = tail + 1;

        // Through a copy, the words of the array become plain operands; through the field, its address is taken first.
        MaskedArray<T> items = _items;
        items[tail] = item;

        // Release: pairs with the acquire of Tail by the consumer.
        Volatile.Write(ref _producer.Tail, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Remove(nuint head)
    {
        nuint next = head + 1;
        MaskedArray<T> items = _items;
        T item = items[head];

        // Release: the item is copied before the producer may overwrite it.
        Volatile.Write(ref _consumer.Head, next);
        return item;
    }

    // Out of line: the common case of either operation stays small enough to be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasRoom() => CountForProducer != (uint)_items.Count;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasItem() => CountForConsumer != 0;
}
