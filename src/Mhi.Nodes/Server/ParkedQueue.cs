namespace Mhi.Nodes.Server;

/// <summary>Requests that wait, oldest first; linked through themselves, so that any can leave at once.</summary>
internal sealed class ParkedQueue
{
    private ParkedRequest? _last;

    /// <summary>The one that waits longest.</summary>
    internal ParkedRequest? First { get; private set; }

    /// <summary>Adds one at the end.</summary>
    /// <param name="request">It is in no queue.</param>
    internal void Add(ParkedRequest request)
    {
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

    /// <summary>Takes one out.</summary>
    /// <param name="request">It is in this queue.</param>
    internal void Remove(ParkedRequest request)
    {
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
        request.Next = null;
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
}
