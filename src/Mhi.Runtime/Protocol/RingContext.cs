namespace Mhi.Protocol;

/// <summary>
/// The three context arrays in host memory: packed entries of 44 bytes whose 64-bit members are only 4-byte aligned.
/// Channel, event and command contexts share the tail from 0x0c on; these are its byte offsets inside an entry.
/// </summary>
public static class RingContext
{
    /// <summary>Bytes of one entry, and the stride of the arrays.</summary>
    public const int Length = 0x2c;

    /// <summary>rbase: bus address of element 0.</summary>
    public const int Base = 0x0c;

    /// <summary>rlen: length of the ring in bytes.</summary>
    public const int RingLength = 0x14;

    /// <summary>rp: the device's position.</summary>
    public const int ReadPointer = 0x1c;

    /// <summary>wp: the host's position.</summary>
    public const int WritePointer = 0x24;
}
