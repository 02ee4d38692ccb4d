namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>Protocols of a session.</summary>
internal enum MbimIpType : uint
{
    Default = 0,
    Ipv4 = 1,
    Ipv6 = 2,
    Ipv4v6 = 3,
    Ipv4AndIpv6 = 4,
}
