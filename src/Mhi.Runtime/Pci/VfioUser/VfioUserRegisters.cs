using System.Runtime.CompilerServices;

namespace Mhi.Pci.VfioUser;

/// <summary>The registers of a device in another process: a load or store where the server shares them, otherwise a message.</summary>
/// <remarks>Called by one thread at a time, like every register access. A default instance has no registers and faults.</remarks>
public readonly struct VfioUserRegisters : IRegisterAccess
{
    private readonly RegisterFile _registers;

    internal VfioUserRegisters(RegisterFile registers)
    {
        _registers = registers;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(uint offset) => _registers.Read(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint offset, uint value) => _registers.Write(offset, value);
}
