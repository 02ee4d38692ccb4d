namespace Mhi.Endpoint.Functions;

/// <summary>What came of a command or of a whole line.</summary>
internal enum AtOutcome
{
    /// <summary>Done.</summary>
    Ok,

    /// <summary>The line was no command line at all: ERROR whatever AT+CMEE says.</summary>
    BadLine,

    /// <summary>The command exists, but makes no sense now.</summary>
    OperationNotAllowed,

    /// <summary>The command exists, but not in this form.</summary>
    OperationNotSupported,

    /// <summary>The command exists, but does not take this value.</summary>
    IncorrectParameters,

    /// <summary>There is no such command.</summary>
    Unknown,
}
