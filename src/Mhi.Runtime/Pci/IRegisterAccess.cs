namespace Mhi.Pci;

/// <summary>
/// 32-bit access to the registers of a function's BAR. Implemented by structs and used as a type parameter, so that a
/// mapped BAR costs one load or store and a device in another process pays for its own messages only.
/// </summary>
/// <remarks>Called by the one thread that polls the controller.</remarks>
public interface IRegisterAccess
{
    /// <summary>Reads a register. Not reordered with other register accesses or with earlier reads of DMA memory.</summary>
    /// <param name="offset">Byte offset from the start of the BAR, a multiple of 4 inside it.</param>
    /// <returns>The value; all ones when the function has left the bus.</returns>
    uint Read(uint offset);

    /// <summary>
    /// Writes a register. All earlier stores of this thread to DMA memory are visible to the device before the write
    /// reaches it.
    /// </summary>
    /// <param name="offset">Byte offset from the start of the BAR, a multiple of 4 inside it.</param>
    /// <param name="value">The value.</param>
    void Write(uint offset, uint value);
}
