using System;

namespace Mhi.Pci.Vfio;

/// <summary>The integrator's choices for a function that is reached through VFIO.</summary>
public sealed record VfioOptions
{
    /// <summary>Name of the controller; null takes the PCI address.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Most interrupt vectors to ask for; null asks for one for state changes and one for each event ring. With fewer than
    /// that a single one serves for all.
    /// </summary>
    public int? MaxVectors { get; init; }

    /// <summary>Whether large DMA regions are put on huge pages where the system has some.</summary>
    public bool UseHugePages { get; init; } = true;

    /// <summary>The kernel's interface to use.</summary>
    public VfioInterface Interface { get; init; }

    /// <summary>The machine's PCI functions.</summary>
    public PciBus Bus { get; init; } = new();

    /// <summary>Where device nodes are.</summary>
    public string DeviceNodes { get; init; } = "/dev";

    /// <summary>Refuses what cannot be meant.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    internal void Validate()
    {
        if (MaxVectors < 1)
        {
            throw new ArgumentException($"{nameof(MaxVectors)} is {MaxVectors}; at least one vector is needed.");
        }
    }
}
