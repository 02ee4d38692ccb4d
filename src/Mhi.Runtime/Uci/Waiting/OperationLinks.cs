namespace Mhi.Uci.Waiting;

/// <summary>An operation's neighbours in a set.</summary>
internal struct OperationLinks
{
    internal UciOperation? Previous;
    internal UciOperation? Next;
}
