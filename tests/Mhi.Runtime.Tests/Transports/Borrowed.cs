using System.Collections.Immutable;
using Mhi.Controller;
using Mhi.Interop.Threading;
using Mhi.Pci;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>A function that outlives the controller it is lent to, with fewer vectors if wanted.</summary>
/// <param name="inner">The function; disposed by its owner.</param>
/// <param name="maxVectors">Most vectors to show.</param>
internal sealed class Borrowed<TRegisters>(IPciFunction<TRegisters> inner, int maxVectors = 32) : IPciFunction<TRegisters>
    where TRegisters : struct, IRegisterAccess
{
    public string Name => inner.Name;

    public PciIdentity Identity => inner.Identity;

    public TRegisters Registers => inner.Registers;

    public uint RegisterLength => inner.RegisterLength;

    public ImmutableArray<InterruptVector> Vectors => inner.Vectors.Length > maxVectors ? inner.Vectors[..maxVectors] : inner.Vectors;

    public ImmutableArray<EventFd> Alarms => inner.Alarms;

    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes) => inner.AllocateDma(lengthBytes, alignmentBytes);

    public void FreeDma(DmaRegion region) => inner.FreeDma(region);

    public void SetBusMaster(bool enabled) => inner.SetBusMaster(enabled);

    public void Reset() => inner.Reset();

    public MhiFailure? CheckAlarms() => inner.CheckAlarms();

    public void Detach() => inner.Detach();

    public void Dispose() => inner.SetBusMaster(false);
}
