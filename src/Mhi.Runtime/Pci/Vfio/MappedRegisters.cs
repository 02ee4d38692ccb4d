using System.Runtime.CompilerServices;
using Mhi.Interop.Vfio;

namespace Mhi.Pci.Vfio;

/// <summary>Registers of a BAR that is mapped into this process: an access is one load or one store.</summary>
/// <remarks>Valid until its function is disposed. A default instance has no registers and faults.</remarks>
public readonly struct MappedRegisters : IRegisterAccess
{
    private readonly RegisterWindow _window;

    /// <summary>Creates the access.</summary>
    /// <param name="window">The mapping; <see cref="RegisterWindow"/> says what orders its accesses.</param>
    public MappedRegisters(RegisterWindow window)
    {
        _window = window;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read(uint offset) => _window.Read(offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint offset, uint value) => _window.Write(offset, value);
}
