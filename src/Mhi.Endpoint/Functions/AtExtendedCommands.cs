using System;

namespace Mhi.Endpoint.Functions;

/// <summary>The extended commands of 3GPP TS 27.007, and those of V.250 that ask the same.</summary>
internal static class AtExtendedCommands
{
    private const byte UnknownSignal = 99;
    private const byte NotRegistered = 0;

    /// <summary>Executes an extended command.</summary>
    /// <param name="session">What it works on.</param>
    /// <param name="command">The command.</param>
    /// <returns>What came of it.</returns>
    public static AtOutcome Execute(AtSession session, AtCommand command)
    {
        ReadOnlySpan<byte> name = command.Name;
        if (name.SequenceEqual("+CGMI"u8) || name.SequenceEqual("+GMI"u8))
        {
            return Identify(session, command, session.Text.Manufacturer);
        }

        if (name.SequenceEqual("+CGMM"u8) || name.SequenceEqual("+GMM"u8))
        {
            return Identify(session, command, session.Text.Model);
        }

        if (name.SequenceEqual("+CGMR"u8) || name.SequenceEqual("+GMR"u8))
        {
            return Identify(session, command, session.Text.Revision);
        }

        if (name.SequenceEqual("+GSN"u8))
        {
            return Identify(session, command, session.Text.EquipmentIdentity);
        }

        if (name.SequenceEqual("+CGSN"u8))
        {
            return SerialNumber(session, command);
        }

        if (name.SequenceEqual("+GCAP"u8))
        {
            return Identify(session, command, "+GCAP: +CGSM"u8);
        }

        if (name.SequenceEqual("+CSQ"u8))
        {
            return SignalQuality(session, command);
        }

        if (name.SequenceEqual("+CREG"u8))
        {
            return Registration(session, command);
        }

        if (name.SequenceEqual("+CFUN"u8))
        {
            return AtFunctionality.Execute(session, command);
        }

        if (name.SequenceEqual("+CPIN"u8))
        {
            return Pin(session, command);
        }

        return name.SequenceEqual("+CMEE"u8) ? ErrorReports(session, command) : AtOutcome.Unknown;
    }

    private static AtOutcome Identify(AtSession session, AtCommand command, ReadOnlySpan<byte> text)
    {
        if (command.Form == AtCommandForm.Action)
        {
            WriteText(session, text);
        }

        return command.Form is AtCommandForm.Action or AtCommandForm.Test ? AtOutcome.Ok : AtOutcome.OperationNotSupported;
    }

    private static AtOutcome SerialNumber(AtSession session, AtCommand command)
    {
        if (command.Form == AtCommandForm.Test)
        {
            WriteText(session, "+CGSN: (0,1)"u8);
            return AtOutcome.Ok;
        }

        if (command.Form == AtCommandForm.Read)
        {
            return AtOutcome.OperationNotSupported;
        }

        // Without a number, and with 0, the bare serial number; with 1 the IMEI as a string.
        if (!command.TryGetNumber(maximum: 1, out byte kind))
        {
            return AtOutcome.IncorrectParameters;
        }

        session.BeginText();
        session.Response.Append(kind == 1 ? "+CGSN: \""u8 : []);
        session.Response.Append(session.Text.EquipmentIdentity);
        session.Response.Append(kind == 1 ? "\""u8 : []);
        session.EndLine();
        return AtOutcome.Ok;
    }

    private static AtOutcome SignalQuality(AtSession session, AtCommand command)
    {
        switch (command.Form)
        {
            case AtCommandForm.Action:
                session.BeginText();
                session.Response.Append("+CSQ: "u8);
                session.Response.AppendNumber(AtFunctionality.HasRadio(session) ? session.Modem.SignalStrength : UnknownSignal);
                session.Response.Append((byte)',');
                session.Response.AppendNumber(AtFunctionality.HasRadio(session) ? session.Modem.BitErrorRate : UnknownSignal);
                session.EndLine();
                return AtOutcome.Ok;
            case AtCommandForm.Test:
                WriteText(session, "+CSQ: (0-31,99),(0-7,99)"u8);
                return AtOutcome.Ok;
            default:
                return AtOutcome.OperationNotSupported;
        }
    }

    private static AtOutcome Registration(AtSession session, AtCommand command)
    {
        switch (command.Form)
        {
            case AtCommandForm.Read:
                WriteRegistration(session);
                return AtOutcome.Ok;
            case AtCommandForm.Test:
                WriteText(session, "+CREG: (0-2)"u8);
                return AtOutcome.Ok;
            case AtCommandForm.Set when command.TryGetNumber(maximum: 2, out byte reports):
                session.Settings.RegistrationReports = reports;
                return AtOutcome.Ok;
            case AtCommandForm.Set:
                return AtOutcome.IncorrectParameters;
            default:
                return AtOutcome.OperationNotSupported;
        }
    }

    private static void WriteRegistration(AtSession session)
    {
        AtResponse response = session.Response;
        bool hasRadio = AtFunctionality.HasRadio(session);
        session.BeginText();
        response.Append("+CREG: "u8);
        response.AppendNumber(session.Settings.RegistrationReports);
        response.Append((byte)',');
        response.AppendNumber(hasRadio ? session.Modem.Registration : NotRegistered);
        if (session.Settings.RegistrationReports == 2 && hasRadio)
        {
            response.Append(",\""u8);
            response.AppendHexadecimal(session.Modem.AreaCode, digits: 4);
            response.Append("\",\""u8);
            response.AppendHexadecimal(session.Modem.CellIdentity, digits: 8);
            response.Append("\","u8);
            response.AppendNumber(session.Modem.AccessTechnology);
        }

        session.EndLine();
    }

    private static AtOutcome Pin(AtSession session, AtCommand command)
    {
        switch (command.Form)
        {
            case AtCommandForm.Read:
                session.BeginText();
                session.Response.Append("+CPIN: "u8);
                session.Response.Append(session.Text.SimState);
                session.EndLine();
                return AtOutcome.Ok;
            case AtCommandForm.Test:
                return AtOutcome.Ok;
            case AtCommandForm.Set:
                // The SIM of this modem asks for no PIN, and none may then be given (27.007 8.3).
                return AtOutcome.OperationNotAllowed;
            default:
                return AtOutcome.OperationNotSupported;
        }
    }

    private static AtOutcome ErrorReports(AtSession session, AtCommand command)
    {
        switch (command.Form)
        {
            case AtCommandForm.Read:
                session.BeginText();
                session.Response.Append("+CMEE: "u8);
                session.Response.AppendNumber(session.Settings.ErrorReports);
                session.EndLine();
                return AtOutcome.Ok;
            case AtCommandForm.Test:
                WriteText(session, "+CMEE: (0-2)"u8);
                return AtOutcome.Ok;
            case AtCommandForm.Set when command.TryGetNumber(maximum: 2, out byte reports):
                session.Settings.ErrorReports = reports;
                return AtOutcome.Ok;
            case AtCommandForm.Set:
                return AtOutcome.IncorrectParameters;
            default:
                return AtOutcome.OperationNotSupported;
        }
    }

    private static void WriteText(AtSession session, ReadOnlySpan<byte> text)
    {
        session.BeginText();
        session.Response.Append(text);
        session.EndLine();
    }
}
