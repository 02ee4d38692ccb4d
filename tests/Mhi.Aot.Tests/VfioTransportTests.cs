using Mhi.Pci.Vfio;
using Mhi.Runtime.Tests.Transports;

namespace Mhi.Aot.Tests;

/// <summary>The suite of all transports on a function of this machine: <c>MHI_TRANSPORT=vfio:BDF Mhi.Aot.Tests --only VfioTransport</c>.</summary>
[NeedsVariable(VfioBed.Variable)]
public sealed class VfioTransportTests : TransportTests<MappedRegisters>
{
    private protected override TransportBed<MappedRegisters> Bed { get; } = new VfioBed();
}
