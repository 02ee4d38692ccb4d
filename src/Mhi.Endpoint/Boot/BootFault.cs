namespace Mhi.Endpoint.Boot;

/// <summary>Why a download failed, as in BHI ERRCODE.</summary>
internal enum BootFault : uint
{
    /// <summary>None: under way, or loaded.</summary>
    None = 0,

    /// <summary>IMGSIZE is zero or more than the boot loader takes, or the image wraps around. ERRDBG1 is the size.</summary>
    SizeRefused = 1,

    /// <summary>The device may not read all of the image. ERRDBG1 is the offset at which it gave up.</summary>
    Unreachable = 2,

    /// <summary>The image is not the expected one. ERRDBG1 is the first word of the SHA-256 it has.</summary>
    WrongImage = 3,
}
