using System;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Pci;
using Mhi.Pci.Vfio;
using Mhi.Pci.VfioUser;
using Mhi.Profiles;

namespace Mhi.Gateway.Devices;

/// <summary>Opens the function of a device. The one place where the kinds of register access are known.</summary>
internal static class FunctionDoor
{
    /// <summary>Opens a function and gives it a controller.</summary>
    /// <param name="request">Which device.</param>
    /// <returns>The controller, off, and what must be disposed after it, or null.</returns>
    /// <exception cref="MhiException">It cannot be opened; the message says why and what to do.</exception>
    internal static (MhiController Controller, IDisposable? Behind) Open(DeviceRequest request)
    {
        DeviceProfile? profile = null;
        if (request.Profile is { } id)
        {
            _ = KnownProfiles.TryFind(id, out profile);
        }

        switch (request.Address)
        {
            case DeviceAddress.VfioUser address:
                VfioUserFunction remote = VfioUserFunction.Open(address.Path, profile);
                return (Control(remote, remote.Profile), null);
            case DeviceAddress.Vfio address:
                VfioFunction function = VfioFunction.Open(address.Function, profile);
                return (Control(function, function.Profile), null);
            default:
                var modem = new EmulatedModem(profile);
                modem.Start();
                return (Control(modem.Function, profile ?? KnownProfiles.FoxconnT99W175), modem);
        }
    }

    // The controller is compiled for each kind of register access.
    private static MhiController Control<TRegisters>(IPciFunction<TRegisters> function, DeviceProfile profile)
        where TRegisters : struct, IRegisterAccess =>
        MhiController.Create(function, profile);
}
