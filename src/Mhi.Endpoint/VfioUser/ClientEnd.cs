namespace Mhi.Endpoint.VfioUser;

/// <summary>How a client's connection ended.</summary>
/// <param name="IsOrderly">The client closed it between two messages, or the server was stopped.</param>
/// <param name="Reason">What happened, as a sentence.</param>
public readonly record struct ClientEnd(bool IsOrderly, string Reason);
