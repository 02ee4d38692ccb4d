using System;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>One data session.</summary>
internal sealed class MbimSession
{
    private readonly byte[] _contextType = new byte[MbimFormat.ServiceLength];

    public MbimSession() => End();

    /// <summary>Whether it is active.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Whether it carries IPv4.</summary>
    public bool HasIpv4 => IsActive && IpType != MbimIpType.Ipv6;

    /// <summary>Whether it carries IPv6.</summary>
    public bool HasIpv6 => IsActive && IpType != MbimIpType.Ipv4;

    /// <summary>What it carries; <see cref="MbimIpType.Default"/> while it is not active.</summary>
    public MbimIpType IpType { get; private set; }

    /// <summary>UUID of what it is for.</summary>
    public ReadOnlySpan<byte> ContextType => _contextType;

    /// <summary>Activates the session.</summary>
    /// <param name="ipType">What it is to carry; the default is both.</param>
    /// <param name="contextType">What it is for.</param>
    public void Begin(MbimIpType ipType, ReadOnlySpan<byte> contextType)
    {
        IsActive = true;
        IpType = ipType == MbimIpType.Default ? MbimIpType.Ipv4v6 : ipType;
        contextType.CopyTo(_contextType);
    }

    /// <summary>Deactivates it.</summary>
    public void End()
    {
        IsActive = false;
        IpType = MbimIpType.Default;
        MbimServices.ContextNone.CopyTo(_contextType);
    }
}
