namespace Mhi.Uci;

/// <summary>What a structured write queued.</summary>
/// <param name="Count">Bytes queued.</param>
/// <param name="Packets">Packets they went out as.</param>
/// <param name="Status">WouldBlock on a non-blocking handle when not even the first packet fitted.</param>
public readonly record struct UciSendResult(int Count, int Packets, UciStatus Status = UciStatus.Done);
