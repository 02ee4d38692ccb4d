using Mhi.Protocol;

namespace Mhi.Endpoint.Registers;

/// <summary>Where the blocks lie inside the endpoint's BAR, and the registers that only the endpoint names.</summary>
internal static class RegisterLayout
{
    /// <summary>Bytes of the MHI block, as MHIREGLEN reports them: everything before the boot block.</summary>
    internal const uint MhiLength = 0x100;

    /// <summary>BHIOFF.</summary>
    internal const uint Bhi = 0x100;

    /// <summary>BHIEOFF. The block is reserved: mission firmware neither takes an image nor writes a dump.</summary>
    internal const uint Bhie = 0x240;

    /// <summary>CHDBOFF.</summary>
    internal const uint ChannelDoorbells = 0x400;

    /// <summary>Bytes of the channel doorbell array.</summary>
    internal const uint ChannelDoorbellsLength = Doorbell.ChannelCount * Doorbell.EntryLength;

    /// <summary>ERDBOFF.</summary>
    internal const uint EventDoorbells = 0x800;

    /// <summary>Bytes of the event ring doorbell array.</summary>
    internal const uint EventDoorbellsLength = EndpointRegisters.MaxEventRings * Doorbell.EntryLength;

    /// <summary>ERRCODE, from the boot block's start.</summary>
    internal const uint BhiErrorCode = 0x30;

    /// <summary>ERRDBG1, from the boot block's start; two more follow.</summary>
    internal const uint BhiErrorDebug = 0x34;

    /// <summary>Sequence number in IMGTXDB and STATUS.</summary>
    internal const uint BhiSequenceMask = 0x3fff_ffff;

    /// <summary>STATUS: the image was loaded.</summary>
    internal const uint BhiStatusLoaded = 2u << 30;

    /// <summary>STATUS: it was not; ERRCODE says why.</summary>
    internal const uint BhiStatusFailed = 3u << 30;

    /// <summary>OEMPKHASH(0), from the boot block's start.</summary>
    internal const uint BhiOemKeyHash = 0x64;

    /// <summary>OEMPKHASH registers.</summary>
    internal const int BhiOemKeyHashWords = 24;

    /// <summary>BHIVERSION_MAJOR, from the boot block's start.</summary>
    internal const uint BhiVersionMajor = 0x04;

    /// <summary>MHIVER: 1.0.</summary>
    internal const uint MhiVersion = 0x0100_0000;

    /// <summary>High half of a 64-bit register.</summary>
    internal const uint HighHalf = 4;
}
