using System;

namespace Mhi.Interleavings.Scheduling;

/// <summary>A gate that the scheduler knows of: somebody may come between a sleeper's decision and its shutting the gate.</summary>
internal sealed class ControlledGate
{
    private readonly Func<bool> _isOpened;
    private bool _isOpen = true;

    public ControlledGate()
    {
        _isOpened = () => _isOpen;
    }

    internal void Close()
    {
        Execution.Current?.Hit("shut", isFine: true);
        _isOpen = false;
    }

    internal void Open() => _isOpen = true;

    internal bool Wait(TimeSpan timeout)
    {
        Execution.Current!.Block(_isOpened, timeout, "signal");
        return _isOpen;
    }
}
