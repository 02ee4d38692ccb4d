using Mhi.Protocol;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>A transfer element that a <see cref="HeldDevice"/> has taken from a ring.</summary>
/// <param name="Channel">Channel number.</param>
/// <param name="Address">Bus address of the element: what a completion names.</param>
/// <param name="Buffer">Bus address of its buffer.</param>
/// <param name="Length">Length of its buffer.</param>
/// <param name="Flags">Its flags word.</param>
/// <param name="Data">Uplink: the bytes, copied when the element was taken. Downlink: empty.</param>
internal sealed record HeldElement(byte Channel, ulong Address, ulong Buffer, ushort Length, uint Flags, byte[] Data)
{
    public bool IsChained => (Flags & RingElement.ChainFlag) != 0;

    public bool EndsTransfer => (Flags & RingElement.EndOfTransferFlag) != 0;
}
