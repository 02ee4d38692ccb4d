using Mhi.Endpoint;
using Mhi.Pci.Vfio;
using Mhi.Pci.VfioUser;
using Mhi.Profiles;

namespace Mhi.Gateway.Devices;

/// <summary>Opens the function of a device. The one place where the kinds of register access are known.</summary>
internal static class FunctionDoor
{
    /// <summary>Opens a function and hands it over.</summary>
    /// <typeparam name="TResult">What comes of it.</typeparam>
    /// <param name="request">Which device.</param>
    /// <param name="use">What is done with it.</param>
    /// <returns>What comes of it.</returns>
    /// <exception cref="MhiException">It cannot be opened; the message says why and what to do.</exception>
    internal static TResult Open<TResult>(DeviceRequest request, IFunctionUse<TResult> use)
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
                return use.Use(remote, remote.Profile, null);
            case DeviceAddress.Vfio address:
                VfioFunction function = VfioFunction.Open(address.Function, profile);
                return use.Use(function, function.Profile, null);
            default:
                var modem = new EmulatedModem(profile);
                modem.Start();
                return use.Use(modem.Function, profile ?? KnownProfiles.FoxconnT99W175, modem);
        }
    }
}
