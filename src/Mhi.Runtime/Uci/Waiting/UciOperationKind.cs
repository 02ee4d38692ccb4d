namespace Mhi.Uci.Waiting;

/// <summary>What an operation does.</summary>
internal enum UciOperationKind
{
    Read,
    Receive,
    Write,
    Send,
    WriteMessage,
    Flush,
    Poll,
    Change,
}
