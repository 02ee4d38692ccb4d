using System.Runtime.InteropServices;

namespace Mhi.Protocol;

/// <summary>The command context as it lies in host memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = RingContext.Length)]
public struct CommandContext
{
    /// <summary>Reserved, zero.</summary>
    public uint Reserved0;

    /// <summary>Reserved, zero.</summary>
    public uint Reserved1;

    /// <summary>Reserved, zero.</summary>
    public uint Reserved2;

    /// <summary>Bus address of element 0.</summary>
    public ulong RingBase;

    /// <summary>Length of the ring in bytes.</summary>
    public ulong RingLength;

    /// <summary>Next command the device will take.</summary>
    public ulong ReadPointer;

    /// <summary>One past the last command.</summary>
    public ulong WritePointer;
}
