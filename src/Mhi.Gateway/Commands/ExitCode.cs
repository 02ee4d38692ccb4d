namespace Mhi.Gateway.Commands;

/// <summary>What the program ends with.</summary>
internal enum ExitCode
{
    /// <summary>Everything was done, and every check held.</summary>
    Done = 0,

    /// <summary>Something failed; standard error says what.</summary>
    Failed = 1,

    /// <summary>The command line cannot be understood; nothing was done.</summary>
    Usage = 2,

    /// <summary><c>mhi doctor</c>: the machine is not set up for the device.</summary>
    NotSetUp = 3,

    /// <summary><c>mhi doctor</c>: the device does not start.</summary>
    DeviceFailed = 4,

    /// <summary><c>mhi doctor</c>: the device runs, but data or interrupts do not flow.</summary>
    NoData = 5,

    /// <summary>Ended by SIGHUP, as a shell reports it: the terminal has gone.</summary>
    HungUp = 129,

    /// <summary>Ended by Ctrl-C, as a shell reports it: 128 and the number of SIGINT.</summary>
    Interrupted = 130,

    /// <summary>Ended by SIGQUIT, as a shell reports it.</summary>
    Quit = 131,

    /// <summary>Ended by SIGTERM, as a shell reports it: 128 and the number of the signal.</summary>
    Terminated = 143,
}
