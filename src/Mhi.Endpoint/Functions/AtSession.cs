namespace Mhi.Endpoint.Functions;

/// <summary>What commands work on: the modem, what the host has set, and the response being written.</summary>
internal sealed class AtSession
{
    public AtSession(AtModem modem)
    {
        Modem = modem;
        Text = new AtModemText(modem);
    }

    public AtModem Modem { get; }

    public AtModemText Text { get; }

    public AtSettings Settings { get; } = new();

    public AtResponse Response { get; } = new();

    /// <summary>AT+CFUN: how much of the modem is on. Outlives a port that is closed and opened.</summary>
    public byte Functionality { get; set; } = AtFunctionality.Full;

    /// <summary>Whether the host has asked for a restart of the modem, which comes after the answer.</summary>
    public bool IsRestartRequested { get; set; }

    /// <summary>Opens a block of information text.</summary>
    public void BeginText()
    {
        if (Settings.Verbose)
        {
            Response.Append("\r\n"u8);
        }
    }

    /// <summary>Ends a line of the block.</summary>
    public void EndLine() => Response.Append("\r\n"u8);
}
