using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Threading;

namespace Mhi.Interop.Vfio;

/// <summary>32-bit registers of a device. An access is one load or one store; the mask proves that it is inside.</summary>
/// <remarks>
/// <para>Safe while the <see cref="RegisterMapping"/> it was made from is mapped. A default instance faults.</para>
/// <para>
/// Order. The mapping is uncached device memory: the processor neither joins, repeats nor invents accesses to it, keeps them
/// in program order among each other, and volatile keeps the compiler to the same. What is left is their order with ordinary
/// memory, which rings and buffers are. x64 makes no store visible before an earlier one and drains its write buffers before
/// an uncached access, so nothing is needed: a plain mov. arm64 orders neither, so a full barrier (dmb ish) stands before each
/// access: what was stored before is visible to a coherent device before a doorbell is, and no read of memory before moves
/// behind the read of a register. The load itself is an ldar, so nothing after it moves before.
/// </para>
/// </remarks>
public readonly unsafe struct RegisterWindow
{
    private readonly byte* _base;

    // As wide as a pointer: the offset needs no widening after the mask.
    private readonly nuint _mask;

    internal RegisterWindow(byte* address, uint length)
    {
        _base = address;
        _mask = (length - 1) & ~(nuint)(sizeof(uint) - 1);
    }

    /// <summary>Reads a register.</summary>
    /// <param name="offset">Byte offset, a multiple of 4; taken modulo the length of the registers.</param>
    /// <returns>The value; all ones when the device is gone.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(uint offset)
    {
        if (ArmBase.IsSupported)
        {
            Interlocked.MemoryBarrier();
        }

        return Volatile.Read(ref *(uint*)(_base + (offset & _mask)));
    }

    /// <summary>Writes a register.</summary>
    /// <param name="offset">Byte offset, a multiple of 4; taken modulo the length of the registers.</param>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint offset, uint value)
    {
        if (ArmBase.IsSupported)
        {
            Interlocked.MemoryBarrier();
        }

        Volatile.Write(ref *(uint*)(_base + (offset & _mask)), value);
    }
}
