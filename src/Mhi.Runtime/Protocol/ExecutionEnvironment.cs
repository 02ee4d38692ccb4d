namespace Mhi.Protocol;

/// <summary>What software the device runs, as in BHI EXECENV and execution environment events.</summary>
public enum ExecutionEnvironment : byte
{
    /// <summary>Primary boot loader.</summary>
    PrimaryBootLoader = 0,

    /// <summary>Secondary boot loader.</summary>
    SecondaryBootLoader = 1,

    /// <summary>AMSS: the modem's mission firmware.</summary>
    Amss = 2,

    /// <summary>RDDM: memory dump after a crash.</summary>
    RamDump = 3,

    /// <summary>WFW: WLAN firmware, a mission mode too.</summary>
    Wlan = 4,

    /// <summary>PTHRU: pass-through.</summary>
    PassThrough = 5,

    /// <summary>EDL: emergency download.</summary>
    EmergencyDownload = 6,

    /// <summary>FP: flash programmer.</summary>
    FlashProgrammer = 7,
}
