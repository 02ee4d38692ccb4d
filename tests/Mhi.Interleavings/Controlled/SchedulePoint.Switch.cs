using Mhi.Interleavings.Scheduling;

namespace Mhi.Uci.Waiting;

/// <content>Where the product says that order matters, the scheduler decides.</content>
internal static partial class SchedulePoint
{
    static partial void Switch(string place) => Execution.Current?.Hit(place);
}
