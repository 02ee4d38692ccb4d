using System;
using System.Collections.Immutable;
using Mhi.Controller;
using Mhi.Interop.Threading;

namespace Mhi.Pci;

/// <summary>
/// What a PCI function gives a driver: identity, registers, DMA memory, interrupts, reset. The controller knows nothing
/// else of the transport below it.
/// </summary>
/// <remarks>
/// Members are called by one thread at a time. Disposing it ends the use of the function: the device reaches no memory any
/// more, but a region that was not freed stays mapped for the host, because a client may still hold a span of it.
/// </remarks>
/// <typeparam name="TRegisters">How a register is reached.</typeparam>
public interface IPciFunction<out TRegisters> : IDisposable
    where TRegisters : struct, IRegisterAccess
{
    /// <summary>Name of the controller on this function, as in node names; for real hardware the PCI address.</summary>
    string Name { get; }

    /// <summary>Vendor and device numbers.</summary>
    PciIdentity Identity { get; }

    /// <summary>The registers of the MHI BAR.</summary>
    TRegisters Registers { get; }

    /// <summary>Length of the MHI BAR in bytes.</summary>
    uint RegisterLength { get; }

    /// <summary>
    /// The interrupt vectors granted, at least one. Vector 0 is for state changes, event ring i uses vector i + 1; a
    /// function that got fewer than that uses vector 0 for everything.
    /// </summary>
    ImmutableArray<InterruptVector> Vectors { get; }

    /// <summary>
    /// Descriptors that become readable when the function may be lost without its device saying so: its driver is asked to
    /// let go, the bus reports an error, the process behind it ends. Empty where nothing of the kind can happen.
    /// </summary>
    /// <remarks>Whoever waits for <see cref="Vectors"/> waits for these too, drains neither, and calls <see cref="CheckAlarms"/>.</remarks>
    ImmutableArray<EventFd> Alarms => [];

    /// <summary>Allocates memory that the device reaches by DMA.</summary>
    /// <param name="lengthBytes">Bytes wanted.</param>
    /// <param name="alignmentBytes">Alignment of the bus address, a power of two.</param>
    /// <returns>The region, zeroed and mapped for the device.</returns>
    /// <exception cref="MhiException">No memory, or no bus address within the width the device can reach.</exception>
    DmaRegion AllocateDma(long lengthBytes, long alignmentBytes);

    /// <summary>Takes a region away from the device and unmaps it.</summary>
    /// <param name="region">A region of this function that nobody uses any more; also after the function was detached.</param>
    void FreeDma(DmaRegion region);

    /// <summary>Lets the device start DMA and interrupts, or stops it. Off until the controller powers up.</summary>
    /// <param name="enabled">Whether the device may be a bus master.</param>
    /// <exception cref="MhiException">The function does not take it; never thrown for switching off.</exception>
    void SetBusMaster(bool enabled);

    /// <summary>Resets the function. Its registers and state are as after power on; DMA mappings stay.</summary>
    void Reset();

    /// <summary>Drains <see cref="Alarms"/>. Costs no register access.</summary>
    /// <returns>Why the function is lost for good, the same every time; null while it is not.</returns>
    MhiFailure? CheckAlarms() => null;

    /// <summary>
    /// Lets go of a function that is lost, so that whoever asked for it gets it: the device reaches no memory any more, and
    /// registers read as all ones. Vectors, alarms and regions stay until they are disposed and freed.
    /// </summary>
    void Detach()
    {
    }
}
