using System.Runtime.InteropServices;

namespace Mhi.Protocol;

/// <summary>An event context as it lies in host memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = RingContext.Length)]
public struct EventContext
{
    /// <summary>Value of <see cref="Type"/> for a ring in use.</summary>
    public const uint ValidType = 1;

    /// <summary>Position of the moderation time, in milliseconds, in <see cref="Moderation"/>.</summary>
    public const int ModerationTimeShift = 16;

    /// <summary>intmodc [15:8], intmodt [31:16].</summary>
    public uint Moderation;

    /// <summary>0 invalid, 1 valid.</summary>
    public uint Type;

    /// <summary>Interrupt vector of the ring, from 0.</summary>
    public uint InterruptVector;

    /// <summary>Bus address of element 0.</summary>
    public ulong RingBase;

    /// <summary>Length of the ring in bytes.</summary>
    public ulong RingLength;

    /// <summary>Next element the device will write.</summary>
    public ulong ReadPointer;

    /// <summary>Element the device must not write.</summary>
    public ulong WritePointer;
}
