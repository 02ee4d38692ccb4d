using System.Collections.Immutable;
using Mhi.Pci;
using Mhi.Runtime.Tests.Infrastructure;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>
/// A <see cref="HeldDevice"/> that reacts within the register write: it needs no thread, and a command costs no change of
/// threads, so that tests of many rounds are affordable.
/// </summary>
internal sealed class PromptFunction(HeldDevice device) : IPciFunction<PromptRegisters>
{
    public string Name => device.Name;

    public PciIdentity Identity => device.Identity;

    public PromptRegisters Registers => new(device);

    public uint RegisterLength => device.RegisterLength;

    public ImmutableArray<InterruptVector> Vectors => device.Vectors;

    public DmaRegion AllocateDma(long lengthBytes, long alignmentBytes) => device.AllocateDma(lengthBytes, alignmentBytes);

    public void FreeDma(DmaRegion region) => device.FreeDma(region);

    public void SetBusMaster(bool enabled) => device.SetBusMaster(enabled);

    public void Reset() => device.Reset();

    public void Dispose() => device.Dispose();
}
