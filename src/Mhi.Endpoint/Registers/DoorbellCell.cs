namespace Mhi.Endpoint.Registers;

/// <summary>
/// One channel doorbell: the two halves the host wrote, and how often it committed them. Written by the host thread only.
/// </summary>
/// <remarks>
/// The count tells a new write of an old value from an old write: after a restart of the channel both can look the same.
/// Mutable: it is a cell of an array.
/// </remarks>
internal struct DoorbellCell
{
    internal uint Low;
    internal uint High;
    internal uint Count;
    internal uint Reserved;
}
