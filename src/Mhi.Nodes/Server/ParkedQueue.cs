using System;

namespace Mhi.Nodes.Server;

/// <summary>
/// Requests that wait, oldest first; linked through themselves, so that any can leave at once. Those that have left are used
/// again.
/// </summary>
internal sealed class ParkedQueue
{
    // Enough that nothing is allocated as a rule; and what a crowd of waiting threads has needed once is not held for good.
    private const int MostUnused = 1024;
    private const int MostUnusedBytes = 2 << 20;

    // By the size of their memory, so that a small write does not sit on a large piece and every write finds one of its size.
    private readonly ParkedRequest?[] _unused = new ParkedRequest?[ParkedRequest.Sizes];
    private ParkedRequest? _last;
    private int _unusedCount;

    /// <summary>The one that waits longest.</summary>
    internal ParkedRequest? First { get; private set; }

    /// <summary>Bytes of memory that the requests in the queue hold.</summary>
    internal int KeptBytes { get; private set; }

    /// <summary>Bytes of memory that those not in use hold.</summary>
    internal int UnusedBytes { get; private set; }

    /// <summary>Gives a request to fill in and to add.</summary>
    /// <param name="length">Bytes that it is to keep.</param>
    /// <returns>It is in no queue; should it not be added, it is garbage.</returns>
    internal ParkedRequest Take(int length = 0)
    {
        ref ParkedRequest? unused = ref _unused[ParkedRequest.SizeOf(length)];
        if (unused is not { } request)
        {
            return new ParkedRequest();
        }

        unused = request.Next;
        _unusedCount--;
        UnusedBytes -= request.Data.Length;
        return request;
    }

    /// <summary>Adds one at the end.</summary>
    /// <param name="request">It is complete and in no queue.</param>
    internal void Add(ParkedRequest request)
    {
        KeptBytes += request.Data.Length;
        request.Previous = _last;
        request.Next = null;
        if (_last is null)
        {
            First = request;
        }
        else
        {
            _last.Next = request;
        }

        _last = request;
    }

    /// <summary>Takes one out, for good.</summary>
    /// <param name="request">It is in this queue.</param>
    internal void Remove(ParkedRequest request)
    {
        KeptBytes -= request.Data.Length;
        if (request.Previous is null)
        {
            First = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            _last = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.Previous = null;
        request.File = null;
        request.Kept = 0;
        KeepUnused(request);
    }

    /// <summary>Lets go of the memory of those that are not in use.</summary>
    internal void Shrink()
    {
        Array.Clear(_unused);
        _unusedCount = 0;
        UnusedBytes = 0;
    }

    /// <summary>Looks for a request by its number.</summary>
    /// <param name="unique">The number.</param>
    /// <returns>The request, or null.</returns>
    internal ParkedRequest? Find(ulong unique)
    {
        ParkedRequest? request = First;
        while (request is not null && request.Unique != unique)
        {
            request = request.Next;
        }

        return request;
    }

    private void KeepUnused(ParkedRequest request)
    {
        request.Next = null;
        if (_unusedCount == MostUnused)
        {
            return;
        }

        if (UnusedBytes + request.Data.Length > MostUnusedBytes)
        {
            request.Data = [];
        }

        ref ParkedRequest? unused = ref _unused[ParkedRequest.SizeOf(request.Data.Length)];
        request.Next = unused;
        unused = request;
        _unusedCount++;
        UnusedBytes += request.Data.Length;
    }
}
