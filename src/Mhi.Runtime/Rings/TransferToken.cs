namespace Mhi.Rings;

/// <summary>One element of a transfer between client and poll thread: 8 bytes, an index instead of a pointer.</summary>
/// <param name="buffer">Index of the buffer in its slab.</param>
/// <param name="lengthBytes">Bytes in the buffer.</param>
/// <param name="mark">
/// Uplink: on the first element of a descriptor the number of its elements, else 0. Downlink: <see cref="Flags"/>.
/// </param>
internal readonly struct TransferToken(uint buffer, ushort lengthBytes, ushort mark)
{
    /// <summary>Marks of a downlink token.</summary>
    internal static class Flags
    {
        /// <summary>The message continues in the next token.</summary>
        internal const ushort Continues = 1;

        /// <summary>The device had more than the buffer took, or the message broke off.</summary>
        internal const ushort Truncated = 2;
    }

    internal uint Buffer { get; } = buffer;

    internal ushort Length { get; } = lengthBytes;

    internal ushort Mark { get; } = mark;
}
