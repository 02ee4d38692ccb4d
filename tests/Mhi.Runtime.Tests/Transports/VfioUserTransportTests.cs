using Mhi.Pci.VfioUser;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>The transport to a device in another process.</summary>
public sealed class VfioUserTransportTests : RemovableTransportTests<VfioUserRegisters>
{
    private protected override RemovableBed<VfioUserRegisters> Removable { get; } = new VfioUserBed();
}
