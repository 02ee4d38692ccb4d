using System;

namespace Mhi.Gateway.At;

/// <summary>Recognises the line that ends a response (V.250 5.7.1, 3GPP TS 27.007 9.2, 27.005 3.2.5).</summary>
internal static class AtResult
{
    /// <summary>Whether a line is a final result code, in words or, after <c>ATV0</c>, as a digit.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <returns>True when nothing more belongs to the response.</returns>
    internal static bool IsFinal(string line) =>
        line is "OK" or "ERROR" or "NO CARRIER" or "BUSY" or "NO ANSWER" or "NO DIALTONE" or "0" or "3" or "4" or "6" or "7" or "8"
        || line.StartsWith("CONNECT", StringComparison.Ordinal)
        || line.StartsWith("+CME ERROR:", StringComparison.Ordinal)
        || line.StartsWith("+CMS ERROR:", StringComparison.Ordinal);
}
