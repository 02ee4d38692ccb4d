namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>Where the fields of MBIM control messages lie (MBIM 1.0, section 9). All numbers are little-endian.</summary>
internal static class MbimFormat
{
    /// <summary>Type, length and transaction: what every message begins with.</summary>
    internal const int HeaderLength = 12;

    /// <summary>OPEN, and every message with nothing but a status.</summary>
    internal const int StatusMessageLength = HeaderLength + 4;

    /// <summary>What every fragment begins with; the first one goes on with a command, the others with its data.</summary>
    internal const int FragmentHeaderLength = HeaderLength + 8;

    /// <summary>A command, and its completion, up to the information buffer.</summary>
    internal const int CommandHeaderLength = FragmentHeaderLength + CommandLength;

    /// <summary>Service, CID, type or status, and length of the information buffer.</summary>
    internal const int CommandLength = ServiceLength + 12;

    /// <summary>A service is named by a UUID, in network byte order.</summary>
    internal const int ServiceLength = 16;

    /// <summary>Smallest MaxControlTransfer there is.</summary>
    internal const int MinTransfer = 64;

    internal const int Length = 4;
    internal const int Transaction = 8;
    internal const int Status = HeaderLength;
    internal const int MaxTransfer = HeaderLength;
    internal const int Fragments = HeaderLength;
    internal const int Fragment = HeaderLength + 4;
}
