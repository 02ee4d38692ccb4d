using System.Collections.Immutable;

namespace Mhi.Endpoint;

/// <summary>What an endpoint's identification registers report.</summary>
/// <param name="SerialNumber">BHI SERIALNU.</param>
/// <param name="SocHardwareVersion">SOC_HW_VERSION: family [31:28], device [27:16], major [15:8], minor [7:0].</param>
/// <param name="OemKeyHash">BHI OEMPKHASH, up to 24 words; missing ones read 0.</param>
public sealed record EndpointIdentity(uint SerialNumber, uint SocHardwareVersion, ImmutableArray<uint> OemKeyHash)
{
    /// <summary>The emulated modem's own identity. No manufacturer has signed it, so its key hash is zero.</summary>
    public static EndpointIdentity Emulated { get; } = new(0x4d48_4901, 0x6000_0100, []);
}
