using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mhi.Pci;

/// <summary>Where a PCI function sits: domain, bus, device, function; written <c>0000:01:00.0</c>.</summary>
/// <param name="Domain">Domain (segment); above ffff for the domains that the kernel makes itself.</param>
/// <param name="Bus">Bus.</param>
/// <param name="Device">Device, 0 to 31.</param>
/// <param name="Function">Function, 0 to 7.</param>
public readonly record struct PciAddress(uint Domain, byte Bus, byte Device, byte Function) : ISpanFormattable
{
    private const int MaxDevice = 31;
    private const int MaxFunction = 7;

    /// <summary>The order of addresses on a machine.</summary>
    internal ulong Rank => ((ulong)Domain << 24) | ((ulong)Bus << 16) | ((ulong)Device << 8) | Function;

    /// <summary>Reads an address.</summary>
    /// <param name="text"><c>0000:01:00.0</c>, or <c>01:00.0</c> for domain 0, as lspci prints it.</param>
    /// <param name="address">The address.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out PciAddress address)
    {
        address = default;
        ReadOnlySpan<char> rest = text;
        int dot = rest.LastIndexOf('.');
        if (dot < 0 || !TryParsePart(rest[(dot + 1)..], 1, 1, out uint function) || function > MaxFunction)
        {
            return false;
        }

        rest = rest[..dot];
        int colon = rest.LastIndexOf(':');
        if (colon < 0 || !TryParsePart(rest[(colon + 1)..], 2, 2, out uint device) || device > MaxDevice)
        {
            return false;
        }

        rest = rest[..colon];
        colon = rest.LastIndexOf(':');
        uint domain = 0;
        if ((colon >= 0 && !TryParsePart(rest[..colon], 4, 8, out domain)) || !TryParsePart(rest[(colon + 1)..], 2, 2, out uint bus))
        {
            return false;
        }

        address = new PciAddress(domain, (byte)bus, (byte)device, (byte)function);
        return true;
    }

    /// <summary>The address as sysfs writes it.</summary>
    /// <returns>Such as <c>0000:01:00.0</c>.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Device:x2}.{Function:x1}");

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        destination.TryWrite(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Device:x2}.{Function:x1}", out charsWritten);

    private static bool TryParsePart(ReadOnlySpan<char> text, int minDigits, int maxDigits, out uint value)
    {
        value = 0;
        return text.Length >= minDigits && text.Length <= maxDigits
            && uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
