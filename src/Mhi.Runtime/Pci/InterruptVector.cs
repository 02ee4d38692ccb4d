using Mhi.Interop.Threading;

namespace Mhi.Pci;

/// <summary>One interrupt vector of a function, as the host sees it: a descriptor that becomes readable.</summary>
/// <remarks>
/// A host that polls its rings anyway does not want the cost of an interrupt. It arms the vector only while it is about
/// to wait; a transport whose device is software then skips the signal of an unarmed vector. Hardware signals always.
/// </remarks>
public sealed class InterruptVector
{
    private readonly EventFd _descriptor;
    private volatile bool _armed;

    /// <summary>Creates a vector that is not armed.</summary>
    /// <param name="descriptor">What is signalled; owned by the function.</param>
    public InterruptVector(EventFd descriptor)
    {
        _descriptor = descriptor;
    }

    /// <summary>The descriptor to wait on.</summary>
    public EventFd Descriptor => _descriptor;

    /// <summary>Whether the host waits, or is about to.</summary>
    public bool IsArmed => _armed;

    /// <summary>
    /// Host side: asks for signals from now on. A process-wide barrier and one more look at the rings must follow before
    /// the wait, or an event published just before is missed.
    /// </summary>
    public void Arm() => _armed = true;

    /// <summary>Host side: signals are not needed any more.</summary>
    public void Disarm() => _armed = false;

    /// <summary>
    /// Device side of a software transport: signals the host if it waits. Call after the event and the ring's read
    /// pointer are stored; pairs with the barrier after <see cref="Arm"/>.
    /// </summary>
    public void Raise()
    {
        if (_armed)
        {
            _descriptor.Signal();
        }
    }
}
