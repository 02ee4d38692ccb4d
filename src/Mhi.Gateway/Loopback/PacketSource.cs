using System;

namespace Mhi.Gateway.Loopback;

/// <summary>Where the bytes to be sent come from. Used by the sender's thread.</summary>
internal abstract class PacketSource : IDisposable
{
    /// <summary>Bytes there are in all, or null when only the end will tell.</summary>
    internal abstract long? Length { get; }

    /// <summary>Takes the next bytes, blocking while there are none. Allocates nothing.</summary>
    /// <param name="destination">Receives them.</param>
    /// <returns>How many; 0 at the end.</returns>
    internal abstract int Read(Span<byte> destination);

    /// <summary>Closes what is behind the source.</summary>
    public virtual void Dispose()
    {
    }
}
