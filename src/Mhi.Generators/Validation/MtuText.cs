using System;

namespace Mhi.Generators.Validation;

/// <summary>Reads an MTU as people write it: decimal, or hexadecimal behind <c>0x</c>.</summary>
internal static class MtuText
{
    /// <summary>Parses the text. Whatever is too large for a <see cref="long"/> becomes its largest value.</summary>
    public static bool TryParse(string text, out long value)
    {
        bool negative = text.StartsWith("-", StringComparison.Ordinal);
        string digits = negative ? text.Substring(1) : text;
        int radix = 10;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            (digits, radix) = (digits.Substring(2), 16);
        }

        value = 0;
        foreach (char character in digits)
        {
            int digit = Digit(character);
            if (digit >= radix)
            {
                return false;
            }

            value = value > (long.MaxValue - digit) / radix ? long.MaxValue : (value * radix) + digit;
        }

        value = negative ? -value : value;
        return digits.Length > 0;
    }

    private static int Digit(char character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'a' and <= 'f' => character - 'a' + 10,
        >= 'A' and <= 'F' => character - 'A' + 10,
        _ => int.MaxValue,
    };
}
