namespace Mhi.Gateway.Loopback;

/// <summary>A packet under way: sent, or about to be, and not yet back.</summary>
/// <param name="End">Position in the stream behind its last byte.</param>
/// <param name="SentAt">When its write began, a timestamp.</param>
internal readonly record struct Flight(long End, long SentAt);
