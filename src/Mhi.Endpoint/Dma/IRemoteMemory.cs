using System;

namespace Mhi.Endpoint.Dma;

/// <summary>Host memory that is not mapped here and is reached by asking for it.</summary>
/// <remarks>Called by the thread that polls the endpoint, which waits for the answer. Returns at once when access is switched off.</remarks>
internal interface IRemoteMemory
{
    /// <summary>Copies out of host memory.</summary>
    /// <param name="iova">Bus address.</param>
    /// <param name="destination">Where to.</param>
    /// <returns>Whether the host gave all bytes.</returns>
    bool TryRead(ulong iova, Span<byte> destination);

    /// <summary>Copies into host memory.</summary>
    /// <param name="iova">Bus address.</param>
    /// <param name="source">The bytes.</param>
    /// <returns>Whether the host took all bytes.</returns>
    bool TryWrite(ulong iova, ReadOnlySpan<byte> source);
}
