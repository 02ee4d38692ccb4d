using System;

namespace Mhi.Endpoint.Functions;

/// <summary>The basic commands: a letter, perhaps behind <c>&amp;</c>, and a number.</summary>
internal static class AtBasicCommands
{
    /// <summary>Executes a basic command.</summary>
    /// <param name="session">What it works on.</param>
    /// <param name="command">The command.</param>
    /// <returns>What came of it.</returns>
    public static AtOutcome Execute(AtSession session, AtCommand command) => command.Name switch
    {
        [(byte)'E' or (byte)'V' or (byte)'Q'] => SetFlag(session.Settings, command),
        [(byte)'Z'] or [(byte)'&', (byte)'F'] => Restore(session.Settings, command),
        [(byte)'I'] => Identify(session, command),
        _ => AtOutcome.Unknown,
    };

    private static AtOutcome SetFlag(AtSettings settings, AtCommand command)
    {
        if (!command.TryGetNumber(maximum: 1, out byte number))
        {
            return AtOutcome.IncorrectParameters;
        }

        switch (command.Name[0])
        {
            case (byte)'E':
                settings.Echo = number == 1;
                break;
            case (byte)'V':
                settings.Verbose = number == 1;
                break;
            default:
                settings.Quiet = number == 1;
                break;
        }

        return AtOutcome.Ok;
    }

    private static AtOutcome Restore(AtSettings settings, AtCommand command)
    {
        if (!command.TryGetNumber(maximum: 0, out _))
        {
            return AtOutcome.IncorrectParameters;
        }

        settings.Restore();
        return AtOutcome.Ok;
    }

    private static AtOutcome Identify(AtSession session, AtCommand command)
    {
        if (!command.TryGetNumber(maximum: 0, out _))
        {
            return AtOutcome.IncorrectParameters;
        }

        AtModemText text = session.Text;
        session.BeginText();
        WriteLine(session, "Manufacturer: "u8, text.Manufacturer);
        WriteLine(session, "Model: "u8, text.Model);
        WriteLine(session, "Revision: "u8, text.Revision);
        WriteLine(session, "IMEI: "u8, text.EquipmentIdentity);
        WriteLine(session, "+GCAP: "u8, "+CGSM"u8);
        return AtOutcome.Ok;
    }

    private static void WriteLine(AtSession session, ReadOnlySpan<byte> label, ReadOnlySpan<byte> value)
    {
        session.Response.Append(label);
        session.Response.Append(value);
        session.EndLine();
    }
}
