using System;

namespace Mhi.Endpoint.Functions;

/// <summary>The final result of a command line (V.250 5.7, 3GPP TS 27.007 9.2).</summary>
internal static class AtResultCode
{
    /// <summary>Writes the result as the settings ask for it and completes the response.</summary>
    /// <param name="session">Settings and response.</param>
    /// <param name="outcome">What came of the line.</param>
    public static void Write(AtSession session, AtOutcome outcome)
    {
        AtSettings settings = session.Settings;
        AtResponse response = session.Response;
        if (!settings.Quiet)
        {
            if (settings.Verbose)
            {
                response.Append("\r\n"u8);
            }

            WriteCode(settings, response, outcome);
            response.Append(settings.Verbose ? "\r\n"u8 : "\r"u8);
        }

        response.Complete();
    }

    private static void WriteCode(AtSettings settings, AtResponse response, AtOutcome outcome)
    {
        if (outcome == AtOutcome.Ok)
        {
            response.Append(settings.Verbose ? "OK"u8 : "0"u8);
        }
        else if (outcome == AtOutcome.BadLine || settings.ErrorReports == 0)
        {
            response.Append(settings.Verbose ? "ERROR"u8 : "4"u8);
        }
        else
        {
            // This code has no digit of its own: it reads the same in both forms.
            response.Append("+CME ERROR: "u8);
            if (settings.ErrorReports == 1)
            {
                response.AppendNumber(Number(outcome));
            }
            else
            {
                response.Append(Text(outcome));
            }
        }
    }

    private static uint Number(AtOutcome outcome) => outcome switch
    {
        AtOutcome.OperationNotAllowed => 3,
        AtOutcome.OperationNotSupported => 4,
        AtOutcome.IncorrectParameters => 50,
        _ => 100,
    };

    private static ReadOnlySpan<byte> Text(AtOutcome outcome) => outcome switch
    {
        AtOutcome.OperationNotAllowed => "operation not allowed"u8,
        AtOutcome.OperationNotSupported => "operation not supported"u8,
        AtOutcome.IncorrectParameters => "Incorrect parameters"u8,
        _ => "unknown"u8,
    };
}
