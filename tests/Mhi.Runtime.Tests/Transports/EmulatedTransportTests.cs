using Mhi.Endpoint;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>The transport without a bus.</summary>
public sealed class EmulatedTransportTests : RemovableTransportTests<EmulatedRegisters>
{
    private protected override RemovableBed<EmulatedRegisters> Removable { get; } = new EmulatedBed();
}
