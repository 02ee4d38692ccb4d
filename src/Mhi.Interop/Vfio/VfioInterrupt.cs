namespace Mhi.Interop.Vfio;

/// <summary>The kinds of interrupt of a PCI device, as VFIO numbers them.</summary>
public enum VfioInterrupt
{
    /// <summary>A wire, shared and level triggered.</summary>
    Wire = 0,

    /// <summary>Message signalled interrupts.</summary>
    Msi = 1,

    /// <summary>Message signalled interrupts with a table in a BAR.</summary>
    MsiX = 2,

    /// <summary>The bus reported an error of the device.</summary>
    Error = 3,

    /// <summary>The kernel wants the device back.</summary>
    Request = 4,
}
