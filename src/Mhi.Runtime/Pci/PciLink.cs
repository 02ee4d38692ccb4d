using System.Globalization;

namespace Mhi.Pci;

/// <summary>Speed and width of a PCIe link; null for what the kernel does not know.</summary>
/// <param name="Speed">Speed now, in GT/s.</param>
/// <param name="Width">Lanes in use now; 0 when the link is down.</param>
/// <param name="MaxSpeed">What the function can do at most, in GT/s.</param>
/// <param name="MaxWidth">Lanes the function has.</param>
public sealed record PciLink(double? Speed, int? Width, double? MaxSpeed, int? MaxWidth)
{
    /// <summary>The link in words.</summary>
    /// <returns>Such as <c>8 GT/s x1 of 16 GT/s x2</c>.</returns>
    public override string ToString() => $"{Words(Speed, Width)} of {Words(MaxSpeed, MaxWidth)}";

    private static string Words(double? speed, int? width) =>
        string.Create(CultureInfo.InvariantCulture, $"{(speed is { } known ? known : "?")} GT/s x{(width is { } lanes ? lanes : "?")}");
}
