namespace Mhi.Protocol;

/// <summary>Doorbell mode of a channel in its context.</summary>
public enum BurstMode : byte
{
    /// <summary>A doorbell write announces every move of the write pointer.</summary>
    Disabled = 2,

    /// <summary>
    /// The device polls the context's write pointer and asks for a doorbell, by an OOB or DB_MODE event, when it stops.
    /// </summary>
    Enabled = 3,
}
