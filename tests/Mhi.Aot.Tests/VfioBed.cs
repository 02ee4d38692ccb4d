using System;
using Mhi.Pci;
using Mhi.Pci.Vfio;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Transports;

namespace Mhi.Aot.Tests;

/// <summary>A PCI function of this machine, which echoes on LOOPBACK.</summary>
internal sealed class VfioBed : TransportBed<MappedRegisters>
{
    /// <summary>Says which: <c>vfio:0000:01:00.0</c>.</summary>
    internal const string Variable = "MHI_TRANSPORT";

    private const string Prefix = "vfio:";

    private readonly PciAddress _address = Parse(Environment.GetEnvironmentVariable(Variable) ?? "");

    public override DeviceProfile Profile =>
        new PciBus().TryRead(_address, out PciDevice? device) && KnownProfiles.TryMatch(device.Identity, out DeviceProfile? profile)
            ? profile
            : throw new InvalidOperationException($"There is no MHI function {_address}.");

    // In a virtual machine whose processor is emulated, all takes a multiple: this tells a thread that sleeps from one that spins.
    public override TimeSpan IdleCost => TimeSpan.FromMilliseconds(200);

    public override void Dispose()
    {
    }

    protected override IPciFunction<MappedRegisters> Open(int maxVectors, DeviceProfile profile) =>
        VfioFunction.Open(_address, profile, new VfioOptions { MaxVectors = Math.Min(maxVectors, profile.EventRings.Length + 1) });

    private static PciAddress Parse(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && PciAddress.TryParse(text[Prefix.Length..], out PciAddress address)
            ? address
            : throw new InvalidOperationException($"{Variable} must be {Prefix}DDDD:BB:DD.F, not '{text}'.");
}
