using Mhi.Pci;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>Register access that the test's device answers.</summary>
internal readonly struct ScriptedRegisters(ScriptedDevice device) : IRegisterAccess
{
    public uint Read(uint offset) => device.OnRead(offset);

    public void Write(uint offset, uint value) => device.OnWrite(offset, value);
}
