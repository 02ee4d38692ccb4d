using System.Numerics;
using System.Runtime.CompilerServices;
using Mhi.Protocol;

namespace Mhi.Endpoint.Rings;

/// <summary>Where a ring of the host lies: checked once, trusted afterwards.</summary>
/// <remarks>
/// The length is a power of two of elements and the base a multiple of the length (MHI ring rules), so a ring never
/// crosses a 4 GiB border: all its pointers share one high half, and the low half alone tells the index.
/// </remarks>
internal readonly struct RingGeometry
{
    /// <summary>Elements the device has memory for.</summary>
    internal const uint MaxElements = 65536;

    /// <summary>Bus address of element 0.</summary>
    internal readonly ulong Base;

    /// <summary>Number of elements less one.</summary>
    internal readonly uint Mask;

    private RingGeometry(ulong ringBase, uint mask)
    {
        Base = ringBase;
        Mask = mask;
    }

    /// <summary>Number of elements.</summary>
    internal uint Count => Mask + 1;

    /// <summary>Checks base and length as a context gives them.</summary>
    /// <param name="ringBase">Bus address of element 0.</param>
    /// <param name="lengthBytes">Length in bytes.</param>
    /// <param name="geometry">The ring.</param>
    /// <returns>Whether a ring can lie there.</returns>
    internal static bool TryCreate(ulong ringBase, ulong lengthBytes, out RingGeometry geometry)
    {
        geometry = default;

        // Two elements at least: with one, an empty and a full ring are the same.
        if (lengthBytes < 2 * RingElement.Length || lengthBytes > MaxElements * RingElement.Length || !BitOperations.IsPow2(lengthBytes))
        {
            return false;
        }

        if ((ringBase & (lengthBytes - 1)) != 0)
        {
            return false;
        }

        geometry = new RingGeometry(ringBase, (uint)(lengthBytes / RingElement.Length) - 1);
        return true;
    }

    /// <summary>The index a full pointer stands for.</summary>
    /// <param name="pointer">A bus address that the host wrote.</param>
    /// <param name="index">The index, if it points at an element.</param>
    /// <returns>Whether it points at an element of this ring.</returns>
    internal bool TryIndexOf(ulong pointer, out uint index) =>
        TryIndexOf((uint)pointer, out index) && (uint)(pointer >> 32) == (uint)(Base >> 32);

    /// <summary>The index that the low half of a pointer stands for.</summary>
    /// <param name="low">Low half of a bus address that the host wrote.</param>
    /// <param name="index">The index, if it points at an element.</param>
    /// <returns>Whether it points at an element of this ring.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryIndexOf(uint low, out uint index)
    {
        // Rotated, not shifted: what lies between two elements becomes the highest bits, so one test finds both faults.
        index = BitOperations.RotateRight(low - (uint)Base, RingElement.LengthShift);
        return index <= Mask;
    }

    /// <summary>What is wrong with the low half of a pointer that has no index.</summary>
    /// <param name="low">Low half of a bus address that the host wrote.</param>
    /// <returns>The violation.</returns>
    internal HostViolation FaultOf(uint low) =>
        (low - (uint)Base) >> RingElement.LengthShift > Mask ? HostViolation.PointerOutsideRing : HostViolation.PointerUnaligned;

    /// <summary>Bus address of an element.</summary>
    /// <param name="index">Any number; taken modulo the size of the ring.</param>
    /// <returns>The address.</returns>
    internal ulong AddressOf(uint index) => Base + ((index & Mask) << RingElement.LengthShift);
}
