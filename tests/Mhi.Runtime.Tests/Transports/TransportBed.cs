using System;
using Mhi.Pci;
using Mhi.Profiles;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>A device that echoes on LOOPBACK, and the transport under test that leads to it.</summary>
/// <typeparam name="TRegisters">How the transport reaches registers.</typeparam>
internal abstract class TransportBed<TRegisters> : IDisposable
    where TRegisters : struct, IRegisterAccess
{
    /// <summary>The device's family.</summary>
    public virtual DeviceProfile Profile => KnownProfiles.FoxconnT99W175;

    /// <summary>Processor time that ten seconds without traffic may cost.</summary>
    public virtual TimeSpan IdleCost => TimeSpan.FromMilliseconds(10);

    /// <summary>Opens the function; the one before must have been disposed.</summary>
    /// <param name="maxVectors">Most interrupt vectors to take.</param>
    /// <param name="addressBits">Width of bus addresses, if it is to be another than the profile's.</param>
    public IPciFunction<TRegisters> Open(int maxVectors = 32, int? addressBits = null) =>
        Open(maxVectors, Profile with { DmaAddressBits = addressBits ?? Profile.DmaAddressBits });

    public abstract void Dispose();

    protected abstract IPciFunction<TRegisters> Open(int maxVectors, DeviceProfile profile);
}
