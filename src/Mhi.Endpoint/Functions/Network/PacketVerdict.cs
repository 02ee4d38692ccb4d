namespace Mhi.Endpoint.Functions.Network;

/// <summary>What came of one packet.</summary>
internal enum PacketVerdict
{
    /// <summary>It has become its own answer.</summary>
    Answered,

    /// <summary>Nothing is wrong with it, and nothing answers it here.</summary>
    Ignored,

    /// <summary>It contradicts itself, or is no IP packet.</summary>
    Malformed,
}
