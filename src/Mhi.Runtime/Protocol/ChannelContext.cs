using System.Runtime.InteropServices;

namespace Mhi.Protocol;

/// <summary>A channel context as it lies in host memory.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = RingContext.Length)]
public struct ChannelContext
{
    /// <summary>chstate [7:0], brstmode [9:8], pollcfg [15:10].</summary>
    public uint Configuration;

    /// <summary>Direction of the channel.</summary>
    public ChannelType Type;

    /// <summary>Event ring that receives the channel's completions.</summary>
    public uint EventRing;

    /// <summary>Bus address of element 0.</summary>
    public ulong RingBase;

    /// <summary>Length of the ring in bytes.</summary>
    public ulong RingLength;

    /// <summary>Next element the device will take.</summary>
    public ulong ReadPointer;

    /// <summary>One past the last element the host queued.</summary>
    public ulong WritePointer;

    /// <summary>Packs the configuration word.</summary>
    /// <param name="state">Channel state.</param>
    /// <param name="burstMode">Doorbell mode.</param>
    /// <returns>The word, with the device's default polling interval.</returns>
    public static uint Pack(ChannelState state, BurstMode burstMode) => (uint)state | ((uint)burstMode << 8);
}
