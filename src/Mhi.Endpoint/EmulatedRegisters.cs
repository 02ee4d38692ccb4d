using System.Runtime.CompilerServices;
using Mhi.Endpoint.Registers;
using Mhi.Pci;

namespace Mhi.Endpoint;

/// <summary>A host driver's access to the registers of an endpoint in the same process.</summary>
/// <remarks>Called by one thread at a time, like every register access. A default instance has no registers and faults.</remarks>
public readonly struct EmulatedRegisters : IRegisterAccess
{
    private readonly EndpointRegisters _registers;

    internal EmulatedRegisters(EndpointRegisters registers)
    {
        _registers = registers;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(uint offset) => _registers.HostRead(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint offset, uint value) => _registers.HostWrite(offset, value);
}
