namespace Mhi.Endpoint.Rings;

/// <summary>What follows from the events just published.</summary>
internal enum InterruptDecision
{
    /// <summary>Nothing: all of them block their interrupt and the ring has no moderation time.</summary>
    None,

    /// <summary>Raise the vector, and forget a held-back interrupt.</summary>
    Now,

    /// <summary>Raise it when the moderation time is over, unless that is under way already.</summary>
    Later,
}
