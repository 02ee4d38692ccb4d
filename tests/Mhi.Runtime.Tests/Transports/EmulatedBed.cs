using Mhi.Endpoint;
using Mhi.Pci;
using Mhi.Profiles;

namespace Mhi.Runtime.Tests.Transports;

/// <summary>A device in this process.</summary>
internal sealed class EmulatedBed : RemovableBed<EmulatedRegisters>
{
    private EmulatedModem? _modem;

    public override void Lose() => _modem!.Function.Unplug();

    public override void Dispose() => _modem?.Dispose();

    protected override IPciFunction<EmulatedRegisters> Open(int maxVectors, DeviceProfile profile)
    {
        _modem?.Dispose();
        _modem = new EmulatedModem(profile);
        _modem.Start();
        return new Borrowed<EmulatedRegisters>(_modem.Function, maxVectors);
    }
}
