namespace Mhi.Uci.Waiting;

/// <summary>What an operation came to; which parts mean something depends on its kind.</summary>
internal readonly record struct UciOutcome(int Count, int Packets, bool EndOfMessage, bool Truncated, UciPollEvents Events);
