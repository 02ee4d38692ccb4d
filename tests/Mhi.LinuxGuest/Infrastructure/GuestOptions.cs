using System;
using System.Collections.Generic;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>One boot: which kernel, which emulated PC, which modem in it, and what happens in the guest.</summary>
public sealed record GuestOptions
{
    /// <summary>Names the boot in reports and log folders.</summary>
    public required string Name { get; init; }

    /// <summary>The kernel: <c>backports</c> (the newest one packaged) or <c>bookworm</c> (Debian 12's own).</summary>
    public required string Kernel { get; init; }

    /// <summary>The endpoint's profile; null for a guest without a modem on its bus.</summary>
    public string? Profile { get; init; }

    /// <summary>The scenarios in their order: files of the Scenarios folder, without their ending.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>What the endpoint is told beyond its socket, profile and log.</summary>
    public IReadOnlyList<string> EndpointArguments { get; init; } = [];

    /// <summary>Whether the endpoint writes down every step; without, it is faster.</summary>
    public bool EndpointKeepsLog { get; init; } = true;

    /// <summary>What the scenarios may look up: names and values of shell variables.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Files for the guest's firmware folder: their paths below /lib/firmware, and their contents.</summary>
    public IReadOnlyDictionary<string, byte[]> Firmware { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Programs of this machine for the guest, with the libraries they load: their paths there without a leading slash, and here.</summary>
    public IReadOnlyDictionary<string, string> Programs { get; init; } = new Dictionary<string, string>();

    /// <summary>Other files of this machine for the guest: their paths there without a leading slash, and here.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the guest's memory can be mapped by the endpoint; if not, each access is a message.</summary>
    public bool SharedMemory { get; init; } = true;

    /// <summary>Whether the function sits behind an IOMMU that translates its addresses and remaps its interrupts.</summary>
    public bool Iommu { get; init; }

    /// <summary>Whether that IOMMU remaps interrupts; without, the kernel grants one vector and takes the function for unsafe.</summary>
    public bool InterruptRemapping { get; init; } = true;

    /// <summary>Where the function sits.</summary>
    public GuestSlot Slot { get; init; }

    /// <summary>Whether a second function is there that reaches for memory nobody mapped.</summary>
    public bool Stray { get; init; }

    /// <summary>Whether a scenario asks for the endpoint's sudden death, which is then no fault.</summary>
    public bool EndpointIsKilled { get; init; }

    /// <summary>The guest's memory.</summary>
    public int MemoryMegabytes { get; init; } = 512;

    /// <summary>The number of virtual CPUs.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>How long the guest may run before it stops by itself and reports what hangs.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(480);
}
