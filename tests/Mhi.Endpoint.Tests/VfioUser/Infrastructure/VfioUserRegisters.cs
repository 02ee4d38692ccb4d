using Mhi.Pci;

namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>Registers behind messages: reads wait for their answer, writes are posted.</summary>
internal readonly struct VfioUserRegisters(VfioUserClient client) : IRegisterAccess
{
    public uint Read(uint offset) => client.ReadRegister(offset);

    public void Write(uint offset, uint value) => client.WriteRegister(offset, value);
}
