using Mhi.Protocol;

namespace Mhi.Controller;

/// <summary>
/// Decides whether a new write pointer needs a doorbell write. Without burst mode always; with it once, and again only
/// after the device has asked. Mutable struct: lives in a field of its port. Poll thread.
/// </summary>
internal struct DoorbellGate(BurstMode mode)
{
    private readonly bool _always = mode == BurstMode.Disabled;
    private bool _armed = true;

    /// <summary>Asks before a write, and uses the permission up.</summary>
    /// <returns>Whether the doorbell is to be written.</returns>
    internal bool Take()
    {
        bool armed = _armed;
        _armed = _always;
        return armed;
    }

    /// <summary>The device asked for a doorbell, or may have missed one.</summary>
    internal void Arm() => _armed = true;
}
