using Mhi.Endpoint;
using Mhi.Pci;

namespace Mhi.Gateway.Tests.Infrastructure;

/// <summary>The registers of a <see cref="FaultyFunction"/>.</summary>
internal readonly struct FaultyRegisters(FaultyFunction function, EmulatedRegisters registers) : IRegisterAccess
{
    public uint Read(uint offset) => function.OnRead(offset, registers.Read(offset));

    public void Write(uint offset, uint value)
    {
        if (function.OnWrite(offset, value))
        {
            registers.Write(offset, value);
        }
    }
}
