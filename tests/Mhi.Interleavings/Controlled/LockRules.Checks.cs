using Mhi.Interleavings.Scheduling;

namespace Mhi.Controller;

/// <content>What a thread holds is looked up in the execution's record.</content>
internal static partial class LockRules
{
    static partial void OnCore(string place)
    {
        LockOrder.EnterCore(LogicalThread.Current, place);
        Execution.Current?.Hit(place, isFine: true);
    }

    static partial void OnClientCode(string place) => LockOrder.RunClientCode(LogicalThread.Current, place);

    static partial void OnTurn(bool isTaken) => LockOrder.Turn(LogicalThread.Current, isTaken);
}
