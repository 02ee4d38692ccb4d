namespace Mhi.Endpoint.Rings;

/// <summary>What can be wrong with a ring pointer.</summary>
internal enum PointerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It lies outside the ring.</summary>
    Outside,

    /// <summary>It lies between two elements.</summary>
    Unaligned,
}
