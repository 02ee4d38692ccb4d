using Mhi.Pci;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>Register access to a <see cref="HeldDevice"/>.</summary>
internal readonly struct HeldRegisters(HeldDevice device) : IRegisterAccess
{
    public uint Read(uint offset) => device.OnRead(offset);

    public void Write(uint offset, uint value) => device.OnWrite(offset, value);
}
