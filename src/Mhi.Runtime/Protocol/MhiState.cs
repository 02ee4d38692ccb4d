namespace Mhi.Protocol;

/// <summary>Device states, as in MHICTRL, MHISTATUS and state-change events.</summary>
public enum MhiState : byte
{
    /// <summary>After power on or while the reset bit is set.</summary>
    Reset = 0x00,

    /// <summary>The device may be programmed.</summary>
    Ready = 0x01,

    /// <summary>Active: channels move data.</summary>
    M0 = 0x02,

    /// <summary>The device went idle by itself.</summary>
    M1 = 0x03,

    /// <summary>Idle, confirmed by the host.</summary>
    M2 = 0x04,

    /// <summary>Suspended on the host's request.</summary>
    M3 = 0x05,

    /// <summary>The device failed and needs a reset.</summary>
    SystemError = 0xff,
}
