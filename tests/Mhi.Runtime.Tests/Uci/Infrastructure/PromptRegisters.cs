using Mhi.Pci;
using Mhi.Runtime.Tests.Infrastructure;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>Register access to a <see cref="HeldDevice"/> that reacts to a write before it returns.</summary>
internal readonly struct PromptRegisters(HeldDevice device) : IRegisterAccess
{
    public uint Read(uint offset) => device.OnRead(offset);

    public void Write(uint offset, uint value)
    {
        device.OnWrite(offset, value);
        while (device.Step() != 0)
        {
        }
    }
}
