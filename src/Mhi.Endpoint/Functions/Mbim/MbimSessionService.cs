using System;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>The part of Basic Connect about data sessions.</summary>
/// <remarks>
/// A session N has 198.18.N.2/30 behind 198.18.N.1, and 2001:db8:0:N::2/64 behind 2001:db8:0:N::1: addresses set aside for
/// tests (RFC 2544, RFC 3849). There is no name server.
/// </remarks>
/// <param name="state">The sessions.</param>
internal sealed class MbimSessionService(MbimModemState state)
{
    private const uint Mtu = 1500;
    private const uint HasAddress = 1;
    private const uint HasGateway = 2;
    private const uint HasMtu = 8;
    private const byte Ipv4PrefixLength = 30;
    private const byte Ipv6PrefixLength = 64;
    private const byte Gateway = 1;
    private const byte Host = 2;

    public MbimStatus WriteConnection(MbimInfoReader request, MbimInfoWriter answer)
    {
        if (!TryFind(request, out uint number))
        {
            return MbimStatus.InvalidParameters;
        }

        Write(number, answer);
        return MbimStatus.Success;
    }

    public MbimStatus Connect(MbimInfoReader request, MbimInfoWriter answer)
    {
        const int ipTypeOffset = 40;
        const int contextTypeOffset = 44;
        const uint deactivate = 0;
        const uint activate = 1;

        Span<byte> contextType = stackalloc byte[MbimFormat.ServiceLength];
        if (!TryFind(request, out uint number)
            || !request.TryNumber(4, out uint action)
            || action > activate
            || !request.TryText(8, out _)
            || !request.TryText(16, out _)
            || !request.TryText(24, out _)
            || !request.TryNumber(ipTypeOffset, out uint ipType)
            || ipType > (uint)MbimIpType.Ipv4AndIpv6
            || !request.TryBytes(contextTypeOffset, contextType))
        {
            return MbimStatus.InvalidParameters;
        }

        MbimSession session = state.Sessions[(int)number];
        if (action == deactivate)
        {
            if (!session.IsActive)
            {
                return MbimStatus.ContextNotActivated;
            }

            session.End();
        }
        else if (!state.IsRadioOn)
        {
            return MbimStatus.RadioPowerOff;
        }
        else if (!state.IsAttached)
        {
            return MbimStatus.PacketServiceDetached;
        }
        else if (!session.IsActive)
        {
            session.Begin((MbimIpType)ipType, contextType);
        }

        Write(number, answer);
        return MbimStatus.Success;
    }

    public MbimStatus WriteIpConfiguration(MbimInfoReader request, MbimInfoWriter answer)
    {
        if (!TryFind(request, out uint number))
        {
            return MbimStatus.InvalidParameters;
        }

        MbimSession session = state.Sessions[(int)number];
        if (!session.IsActive)
        {
            return MbimStatus.ContextNotActivated;
        }

        const uint available = HasAddress | HasGateway | HasMtu;
        byte network = (byte)number;
        answer.Begin(60);
        answer.Number(number);
        answer.Number(session.HasIpv4 ? available : 0);
        answer.Number(session.HasIpv6 ? available : 0);
        WriteAddresses(session.HasIpv4, 4, answer, network);
        WriteAddresses(session.HasIpv6, 16, answer, network);
        WriteGateway(session.HasIpv4, 4, answer, network);
        WriteGateway(session.HasIpv6, 16, answer, network);

        // Count and offset of the name servers of either protocol.
        answer.LongNumber(0);
        answer.LongNumber(0);
        answer.Number(session.HasIpv4 ? Mtu : 0);
        answer.Number(session.HasIpv6 ? Mtu : 0);
        return MbimStatus.Success;
    }

    private static void WriteAddresses(bool isThere, int length, MbimInfoWriter answer, byte network)
    {
        answer.Number(isThere ? 1u : 0);
        if (!isThere)
        {
            answer.Number(0);
            return;
        }

        // On-link prefix length, as a number of four bytes, and the address.
        Span<byte> element = answer.Offset(sizeof(uint) + length);
        element[0] = length == 4 ? Ipv4PrefixLength : Ipv6PrefixLength;
        WriteAddress(element[sizeof(uint)..], network, Host);
    }

    private static void WriteGateway(bool isThere, int length, MbimInfoWriter answer, byte network)
    {
        if (isThere)
        {
            WriteAddress(answer.Offset(length), network, Gateway);
        }
        else
        {
            answer.Number(0);
        }
    }

    private static void WriteAddress(Span<byte> address, byte network, byte host)
    {
        if (address.Length == 4)
        {
            ReadOnlySpan<byte> ipv4 = [198, 18, network, host];
            ipv4.CopyTo(address);
        }
        else
        {
            ReadOnlySpan<byte> ipv6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, network, 0, 0, 0, 0, 0, 0, 0, host];
            ipv6.CopyTo(address);
        }
    }

    private static bool TryFind(MbimInfoReader request, out uint number) => request.TryNumber(0, out number) && number < MbimModemState.MaxSessions;

    private void Write(uint number, MbimInfoWriter answer)
    {
        const uint activated = 1;
        const uint deactivated = 3;

        MbimSession session = state.Sessions[(int)number];
        answer.Begin(36);
        answer.Number(number);
        answer.Number(session.IsActive ? activated : deactivated);
        answer.Number(0);
        answer.Number((uint)session.IpType);
        answer.Bytes(session.ContextType);
        answer.Number(0);
    }
}
