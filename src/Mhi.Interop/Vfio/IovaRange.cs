namespace Mhi.Interop.Vfio;

/// <summary>A range of bus addresses.</summary>
/// <param name="Start">The first address.</param>
/// <param name="Last">The last address; it belongs to the range.</param>
public readonly record struct IovaRange(ulong Start, ulong Last);
