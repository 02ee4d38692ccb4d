using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Mhi.Interop.Sockets;
using Mhi.Pci;

namespace Mhi.Gateway.Devices;

/// <summary>Where a device is, as the option <c>--device</c> says it.</summary>
internal abstract record DeviceAddress
{
    /// <summary>What an address looks like, for help and messages.</summary>
    internal const string Forms = "emulated, vfio-user:PATH or vfio:DDDD:BB:DD.F";

    private const string VfioUserPrefix = "vfio-user:";
    private const string VfioPrefix = "vfio:";

    private DeviceAddress()
    {
    }

    /// <summary>The emulated device.</summary>
    internal static DeviceAddress EmulatedDevice { get; } = new Emulated();

    /// <summary>Reads an address.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="address">The address.</param>
    /// <param name="error">What is wrong with it, as a sentence.</param>
    /// <returns>Whether it is one.</returns>
    internal static bool TryParse(string text, [NotNullWhen(true)] out DeviceAddress? address, [NotNullWhen(false)] out string? error)
    {
        (address, error) = text switch
        {
            Emulated.Name => (EmulatedDevice, null),
            _ when text.StartsWith(VfioUserPrefix, StringComparison.Ordinal) => ReadVfioUser(text[VfioUserPrefix.Length..]),
            _ when text.StartsWith(VfioPrefix, StringComparison.Ordinal) => ReadVfio(text[VfioPrefix.Length..]),
            _ => ((DeviceAddress?)null, $"--device must be {Forms}, not '{text}'."),
        };
        return address is not null;
    }

    private static (DeviceAddress? Address, string? Error) ReadVfioUser(string path) =>
        path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(path) > LocalSocket.MaxPath
            ? (null, $"--device vfio-user: needs the path of a socket, at most {LocalSocket.MaxPath} bytes, such as vfio-user:/run/modem.sock.")
            : (new VfioUser(path), null);

    private static (DeviceAddress? Address, string? Error) ReadVfio(string text) =>
        PciAddress.TryParse(text, out PciAddress function)
            ? (new Vfio(function), null)
            : (null, $"--device vfio: needs the PCI address of a function, such as vfio:0000:01:00.0, not '{text}'; `mhi list` prints those there are.");

    /// <summary>The device inside this process.</summary>
    internal sealed record Emulated : DeviceAddress
    {
        internal const string Name = "emulated";

        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A device in another process, which listens at a socket.</summary>
    /// <param name="Path">Path of the socket.</param>
    internal sealed record VfioUser(string Path) : DeviceAddress
    {
        /// <inheritdoc/>
        public override string ToString() => VfioUserPrefix + Path;
    }

    /// <summary>A PCI function of this machine that is bound to vfio-pci.</summary>
    /// <param name="Function">Its address.</param>
    internal sealed record Vfio(PciAddress Function) : DeviceAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"{VfioPrefix}{Function}";
    }
}
