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

    /// <summary>Ended by Ctrl-C, as a shell reports it: 128 and the number of SIGINT.</summary>
    Interrupted = 130,

    /// <summary>Ended by SIGTERM, as a shell reports it: 128 and the number of the signal.</summary>
    Terminated = 143,
}
