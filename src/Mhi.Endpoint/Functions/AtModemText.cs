using System;
using System.Buffers;
using System.Text;

namespace Mhi.Endpoint.Functions;

/// <summary>The texts of an <see cref="AtModem"/> as the bytes that go out, made and checked once.</summary>
internal sealed class AtModemText
{
    internal const int MaxLength = 64;
    private const int EquipmentDigits = 14;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public AtModemText(AtModem modem)
    {
        Manufacturer = Encode(modem.Manufacturer, nameof(AtModem.Manufacturer));
        Model = Encode(modem.Model, nameof(AtModem.Model));
        Revision = Encode(modem.Revision, nameof(AtModem.Revision));
        SimState = Encode(modem.SimState, nameof(AtModem.SimState));
        EquipmentIdentity = EncodeIdentity(modem.EquipmentNumber);
    }

    public byte[] Manufacturer { get; }

    public byte[] Model { get; }

    public byte[] Revision { get; }

    public byte[] SimState { get; }

    /// <summary>The IMEI: 15 digits, the last one checking the others.</summary>
    public byte[] EquipmentIdentity { get; }

    private static byte[] Encode(string text, string property)
    {
        if (text.Length is 0 or > MaxLength || text.AsSpan().ContainsAnyExcept(s_allowed))
        {
            throw new ArgumentException(
                $"{property} must be 1 to {MaxLength} printable ASCII characters without quotation marks.", nameof(text));
        }

        return Encoding.ASCII.GetBytes(text);
    }

    private static byte[] EncodeIdentity(string digits)
    {
        if (digits.Length != EquipmentDigits || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            throw new ArgumentException(
                $"{nameof(AtModem.EquipmentNumber)} must be {EquipmentDigits} digits: the IMEI without its check digit.", nameof(digits));
        }

        // Luhn: every second digit counts twice, digit sums are added, the check digit completes the sum to a multiple of ten.
        int sum = 0;
        for (int i = 0; i < EquipmentDigits; i++)
        {
            int weighted = (digits[i] - '0') << (i & 1);
            sum += weighted > 9 ? weighted - 9 : weighted;
        }

        return Encoding.ASCII.GetBytes(digits + (char)('0' + ((10 - (sum % 10)) % 10)));
    }
}
