namespace Mhi.Endpoint.Functions;

/// <summary>What the host can set by commands. ATZ and AT&amp;F restore the defaults, there being no stored profile.</summary>
internal sealed class AtSettings
{
    /// <summary>ATE: whether received characters are sent back.</summary>
    public bool Echo { get; set; } = true;

    /// <summary>ATV: whether results are words framed by CR LF, or a digit and CR.</summary>
    public bool Verbose { get; set; } = true;

    /// <summary>ATQ: whether results are left out.</summary>
    public bool Quiet { get; set; }

    /// <summary>AT+CMEE: 0 plain ERROR, 1 with the number, 2 with the text of the error.</summary>
    public byte ErrorReports { get; set; }

    /// <summary>AT+CREG: what registration reports hold; 2 adds the serving cell.</summary>
    public byte RegistrationReports { get; set; }

    public void Restore()
    {
        Echo = true;
        Verbose = true;
        Quiet = false;
        ErrorReports = 0;
        RegistrationReports = 0;
    }
}
