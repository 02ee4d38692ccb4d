using Mhi.Pci.Vfio;
using Mhi.Runtime.Tests.Transports;

namespace Mhi.Aot.Tests;

/// <summary>What the transport to a function of this machine costs.</summary>
[NeedsVariable(VfioBed.Variable)]
public sealed class VfioTransportCostTests : TransportCostTests<MappedRegisters>
{
    private protected override TransportBed<MappedRegisters> Bed { get; } = new VfioBed();
}
