namespace Mhi.Interop.Memory;

/// <summary>What a guarded range reads as once the memory behind it has gone.</summary>
public enum FaultContents
{
    /// <summary>Zero bytes.</summary>
    Zeros,

    /// <summary>All ones, as registers of a device that is not there.</summary>
    Ones,
}
