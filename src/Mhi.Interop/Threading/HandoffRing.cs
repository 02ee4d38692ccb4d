using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Mhi.Interop.Threading;

/// <summary>
/// Hands items from one thread to another, in order, with neither locks nor atomic read-modify-write. Full capacity is
/// usable. Indices run freely; their difference is the number of items.
/// </summary>
/// <remarks>
/// <para>Safe because the items lie in a pinned array that lives as long as the ring, and a mask of one less than its
/// length proves every index, as long as the ring is reachable during an operation.</para>
/// <para>One producer thread and one consumer thread at a time. No member blocks or allocates.</para>
/// </remarks>
/// <typeparam name="T">Item type.</typeparam>
public sealed unsafe class HandoffRing<T>
    where T : unmanaged
{
    private readonly T[] _items;
    private HandoffSide _producer;
    private HandoffSide _consumer;

    /// <summary>Creates an empty ring.</summary>
    /// <param name="capacity">Largest number of items in flight, a power of two.</param>
    public HandoffRing(int capacity)
    {
        if (!BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity must be a power of two.");
        }

        _items = GC.AllocateArray<T>(capacity, pinned: true);
        _producer.Items = _consumer.Items = Unsafe.AsPointer(ref _items[0]);
        _producer.Mask = _consumer.Mask = (nuint)capacity - 1;
        _producer.Limit = (nuint)capacity;
    }

    /// <summary>Largest number of items in flight.</summary>
    public int Capacity => _items.Length;

    /// <summary>Items in the ring about now, for any thread.</summary>
    public uint Count
    {
        get
        {
            // The head first: it never passes the tail read after it.
            nuint head = Volatile.Read(ref _consumer.Own);
            return (uint)(Volatile.Read(ref _producer.Own) - head);
        }
    }

    /// <summary>Items ever appended, for any thread. Acquire: what the producer wrote before it appended them is visible.</summary>
    public ulong Produced
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _producer.Own);
    }

    /// <summary>Items in the ring, as far as the producer can know: never less than there are. Producer only.</summary>
    public uint CountForProducer => (uint)(_producer.Own - (FindRoom() - (nuint)_items.Length));

    /// <summary>Items in the ring, as far as the consumer can know: never more than there are. Consumer only.</summary>
    public uint CountForConsumer
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)(FindItems() - _consumer.Own);
    }

    /// <summary>Producer: appends an item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>False when the ring is full.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPush(T item)
    {
        nuint tail = _producer.Own;
        if (tail == _producer.Limit && tail == FindRoom())
        {
            return false;
        }

        nuint next = tail + 1;
        ((T*)_producer.Items)[tail & _producer.Mask] = item;

        // Release: pairs with the acquire in FindItems.
        Volatile.Write(ref _producer.Own, next);
        return true;
    }

    /// <summary>
    /// Producer: appends an item to a ring that cannot be full, because it has room for every item there is. Such a ring
    /// is not used with <see cref="TryPush"/>.
    /// </summary>
    /// <param name="item">The item.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(T item)
    {
        nuint tail = _producer.Own;
        nuint next = tail + 1;
        ((T*)_producer.Items)[tail & _producer.Mask] = item;

        // Release: pairs with the acquire in FindItems.
        Volatile.Write(ref _producer.Own, next);
    }

    /// <summary>Producer: appends as many items as fit; the consumer sees them appear at once.</summary>
    /// <param name="items">The items, oldest first.</param>
    /// <returns>How many were appended.</returns>
    public int PushMany(ReadOnlySpan<T> items)
    {
        nuint tail = _producer.Own;
        nuint limit = _producer.Limit;
        if (limit - tail < (nuint)items.Length)
        {
            limit = FindRoom();
        }

        int count = (int)Math.Min(limit - tail, (nuint)items.Length);
        Span<T> first = _items.AsSpan((int)(tail & _producer.Mask));
        if (first.Length >= count)
        {
            items[..count].CopyTo(first);
        }
        else
        {
            items[..first.Length].CopyTo(first);
            items[first.Length..count].CopyTo(_items);
        }

        // Release: pairs with the acquire in FindItems.
        Volatile.Write(ref _producer.Own, tail + (nuint)count);
        return count;
    }

    /// <summary>Producer: stores an item behind the tail; the consumer does not see it before <see cref="Publish"/>.</summary>
    /// <param name="offset">0 for the next item; the caller knows that there is room.</param>
    /// <param name="item">The item.</param>
    public void Stage(uint offset, T item) => ((T*)_producer.Items)[(_producer.Own + offset) & _producer.Mask] = item;

    /// <summary>Producer: shows staged items to the consumer, all at once.</summary>
    /// <param name="count">How many, from offset 0 on.</param>
    public void Publish(uint count) =>
        //// Release: pairs with the acquire in FindItems.
        Volatile.Write(ref _producer.Own, _producer.Own + count);

    /// <summary>Producer: looks at an item while the consumer is known to take none.</summary>
    /// <param name="offset">0 for the oldest; less than the last <see cref="CountForProducer"/>.</param>
    /// <returns>A copy of the item.</returns>
    public T PeekForProducer(uint offset) =>
        //// The limit is the head plus the size of the ring, and an index is taken modulo that size.
        ((T*)_producer.Items)[(_producer.Limit + offset) & _producer.Mask];

    /// <summary>Consumer: takes the oldest item.</summary>
    /// <param name="item">The item; meaningless when the ring is empty.</param>
    /// <returns>False when the ring is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out T item)
    {
        nuint head = _consumer.Own;
        if (head == _consumer.Limit && head == FindItems())
        {
            Unsafe.SkipInit(out item);
            return false;
        }

        nuint next = head + 1;
        item = ((T*)_consumer.Items)[head & _consumer.Mask];

        // Release: the item is copied before the producer may overwrite it.
        Volatile.Write(ref _consumer.Own, next);
        return true;
    }

    /// <summary>Consumer: looks at the oldest item without taking it; <see cref="Advance"/> takes it.</summary>
    /// <param name="item">A copy of the item; meaningless when the ring is empty.</param>
    /// <returns>False when the ring is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPeek(out T item)
    {
        nuint head = _consumer.Own;
        if (head == _consumer.Limit && head == FindItems())
        {
            Unsafe.SkipInit(out item);
            return false;
        }

        item = ((T*)_consumer.Items)[head & _consumer.Mask];
        return true;
    }

    /// <summary>Consumer: takes as many items as there are.</summary>
    /// <param name="destination">Receives them, oldest first.</param>
    /// <returns>How many were taken.</returns>
    public int PopMany(Span<T> destination)
    {
        nuint head = _consumer.Own;
        nuint limit = _consumer.Limit;
        if (limit - head < (nuint)destination.Length)
        {
            limit = FindItems();
        }

        int count = (int)Math.Min(limit - head, (nuint)destination.Length);
        Span<T> first = _items.AsSpan((int)(head & _consumer.Mask));
        if (first.Length >= count)
        {
            first[..count].CopyTo(destination);
        }
        else
        {
            first.CopyTo(destination);
            _items.AsSpan(0, count - first.Length).CopyTo(destination[first.Length..]);
        }

        // Release: the items are copied before the producer may overwrite them.
        Volatile.Write(ref _consumer.Own, head + (nuint)count);
        return count;
    }

    /// <summary>Consumer: looks at an item without taking it.</summary>
    /// <param name="offset">0 for the oldest; less than the last <see cref="CountForConsumer"/>.</param>
    /// <returns>A copy of the item.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Peek(uint offset) => ((T*)_consumer.Items)[(_consumer.Own + offset) & _consumer.Mask];

    /// <summary>Consumer: drops items it has looked at.</summary>
    /// <param name="count">How many, at most the last <see cref="CountForConsumer"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(uint count) =>
        //// Release: the items are copied before the producer may overwrite them.
        Volatile.Write(ref _consumer.Own, _consumer.Own + count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nuint FindRoom()
    {
        // Acquire: whoever acts on the room must not overwrite an item before the consumer's release of it.
        nuint limit = Volatile.Read(ref _consumer.Own) + _producer.Mask + 1;
        _producer.Limit = limit;
        return limit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nuint FindItems()
    {
        // Acquire: pairs with the release of the tail, so the items up to there are complete.
        nuint limit = Volatile.Read(ref _producer.Own);
        _consumer.Limit = limit;
        return limit;
    }
}
