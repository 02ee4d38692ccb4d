namespace Mhi.Endpoint.Functions;

/// <summary>+CFUN (3GPP TS 27.007 8.2): how much of the modem is on, and its restart.</summary>
internal static class AtFunctionality
{
    /// <summary>Everything on.</summary>
    internal const byte Full = 1;

    private const byte Minimum = 0;
    private const byte RadioOff = 4;

    /// <summary>Whether the modem sends and receives.</summary>
    /// <param name="session">What the host has set.</param>
    /// <returns>Whether it does.</returns>
    public static bool HasRadio(AtSession session) => session.Functionality == Full;

    /// <summary>Executes +CFUN.</summary>
    /// <param name="session">What it works on.</param>
    /// <param name="command">The command.</param>
    /// <returns>What came of it.</returns>
    public static AtOutcome Execute(AtSession session, AtCommand command)
    {
        switch (command.Form)
        {
            case AtCommandForm.Read:
                session.BeginText();
                session.Response.Append("+CFUN: "u8);
                session.Response.AppendNumber(session.Functionality);
                session.EndLine();
                return AtOutcome.Ok;
            case AtCommandForm.Test:
                session.BeginText();
                session.Response.Append("+CFUN: (0,1,4),(0,1)"u8);
                session.EndLine();
                return AtOutcome.Ok;
            case AtCommandForm.Set when command.TryGetNumbers(RadioOff, maximumOfSecond: 1, out byte level, out byte restart)
                && level is Minimum or Full or RadioOff:
                session.Functionality = level;
                session.IsRestartRequested |= restart == 1;
                return AtOutcome.Ok;
            case AtCommandForm.Set:
                return AtOutcome.IncorrectParameters;
            default:
                return AtOutcome.OperationNotSupported;
        }
    }
}
