using Mhi.Interleavings.Scheduling;

namespace Mhi.Controller;

/// <content>Where the product says that order matters, the scheduler decides.</content>
internal static partial class SchedulePoint
{
    static partial void Switch(string place, bool isFine) => Execution.Current?.Hit(place, isFine);
}
