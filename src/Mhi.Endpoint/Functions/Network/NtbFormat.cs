namespace Mhi.Endpoint.Functions.Network;

/// <summary>NTB16 (USB NCM 1.0 section 3, MBIM 1.0 section 7). All numbers are little-endian.</summary>
internal static class NtbFormat
{
    internal const uint HeaderSignature = 0x484d_434e;
    internal const int HeaderLength = 12;
    internal const int Sequence = 6;
    internal const int BlockLength = 8;
    internal const int FirstTable = 10;

    /// <summary>"IPS" in the low three bytes of a table's signature; the session is in the highest.</summary>
    internal const uint IpSignature = 0x0053_5049;
    internal const uint SignatureMask = 0x00ff_ffff;
    internal const int TableHeader = 8;
    internal const int TableLength = 4;
    internal const int NextTable = 6;
    internal const int EntryLength = 4;
    internal const int MinTableLength = TableHeader + (2 * EntryLength);
    internal const int Alignment = 4;

    /// <summary>Longest block: its length has 16 bits.</summary>
    internal const int MaxBlock = 0xffff;
}
