using Mhi.Pci;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>A device that a test can take away.</summary>
/// <typeparam name="TRegisters">How the transport reaches registers.</typeparam>
internal abstract class RemovableBed<TRegisters> : TransportBed<TRegisters>
    where TRegisters : struct, IRegisterAccess
{
    /// <summary>Takes the device away without asking anybody. Any thread.</summary>
    public abstract void Lose();
}
