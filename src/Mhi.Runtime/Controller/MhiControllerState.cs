namespace Mhi.Controller;

/// <summary>Where a controller is in its life.</summary>
public enum MhiControllerState
{
    /// <summary>Not powered up, or powered down in order.</summary>
    Off = 0,

    /// <summary>Waiting for the device to run mission firmware.</summary>
    WaitingForFirmware,

    /// <summary>The device was not in a state to start from: waiting for its reset to end.</summary>
    Resetting,

    /// <summary>Waiting for READY.</summary>
    WaitingForReady,

    /// <summary>Contexts and registers are programmed: waiting for M0.</summary>
    WaitingForM0,

    /// <summary>In M0: waiting for the device to report its execution environment.</summary>
    WaitingForMissionMode,

    /// <summary>Channels may be opened.</summary>
    MissionMode,

    /// <summary>The device was asked to enter M3: waiting for it to confirm.</summary>
    Suspending,

    /// <summary>The device is in M3, and is not touched. Any use of a channel resumes it.</summary>
    Suspended,

    /// <summary>The device was asked to return to M0: waiting for it to confirm.</summary>
    Resuming,

    /// <summary>Power-down: waiting for the device to finish its reset.</summary>
    ShuttingDown,

    /// <summary>Something went wrong; <see cref="MhiController.Failure"/> says what. Power up again to retry.</summary>
    Failed,
}
