namespace Mhi.Uci;

/// <summary>What a structured read returned.</summary>
/// <param name="Count">Bytes copied.</param>
/// <param name="EndOfMessage">Whether these were the last bytes of a message.</param>
/// <param name="Truncated">Whether that message lost bytes before it reached the host; set with its end.</param>
/// <param name="Status">WouldBlock on a non-blocking handle when nothing was there.</param>
public readonly record struct UciReceiveResult(int Count, bool EndOfMessage, bool Truncated, UciStatus Status = UciStatus.Done);
