#if MHI_INTERLEAVING
using System.Threading;

namespace Mhi.Uci.Waiting;

/// <summary>A lock that the controlled scheduler knows of: taking it is a place where another thread may go first.</summary>
internal sealed class UciLock
{
    private readonly Lock _lock = new();

    internal Lock.Scope EnterScope()
    {
        SchedulePoint.Hit();
        return _lock.EnterScope();
    }
}
#else
global using UciLock = System.Threading.Lock;
#endif
