namespace Mhi.Uci;

/// <summary>A channel that matched and could not be published.</summary>
/// <param name="NodeName">The name it would have had.</param>
/// <param name="Reason">Why.</param>
public sealed record UciRefusal(string NodeName, UciIOException Reason);
