using System;
using System.Buffers;

namespace Mhi.Endpoint.Functions;

/// <summary>One command of a command line: a view of its bytes, in capital letters and without spaces.</summary>
internal readonly ref struct AtCommand
{
    private static readonly SearchValues<byte> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!%-./:_"u8);

    private AtCommand(ReadOnlySpan<byte> name, AtCommandForm form, ReadOnlySpan<byte> value)
    {
        Name = name;
        Form = form;
        Value = value;
    }

    /// <summary>The name with its prefix: <c>E</c>, <c>&amp;F</c>, <c>+CSQ</c>.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>How it is asked.</summary>
    public AtCommandForm Form { get; }

    /// <summary>The number of a basic command, or what stands behind <c>=</c>; may be empty.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether this is an extended command.</summary>
    public bool IsExtended => Name[0] == '+';

    /// <summary>Takes the first command off what is left of a line.</summary>
    /// <param name="rest">What is left, not empty; moves behind the command and the semicolon that ends it.</param>
    /// <param name="command">The command.</param>
    /// <returns>Whether there was a command by the rules of V.250.</returns>
    public static bool TryTake(ref ReadOnlySpan<byte> rest, out AtCommand command)
    {
        bool taken = rest[0] == '+' ? TryTakeExtended(ref rest, out command) : TryTakeBasic(ref rest, out command);
        if (taken && !rest.IsEmpty && rest[0] == ';')
        {
            rest = rest[1..];
        }

        return taken;
    }

    /// <summary>Reads the value as a number. A basic command without one means 0.</summary>
    /// <param name="maximum">Largest number that is right.</param>
    /// <param name="number">The number.</param>
    /// <returns>Whether the value is a number up to the maximum.</returns>
    public bool TryGetNumber(byte maximum, out byte number)
    {
        number = 0;
        return (Value.IsEmpty && Form == AtCommandForm.Action) || TryParse(Value, maximum, out number);
    }

    /// <summary>Reads the value as one number, or two with a comma between.</summary>
    /// <param name="maximum">Largest first number that is right.</param>
    /// <param name="maximumOfSecond">Largest second number that is right.</param>
    /// <param name="first">The first number.</param>
    /// <param name="second">The second number; 0 when there is none.</param>
    /// <returns>Whether the value is numbers up to the maxima.</returns>
    public bool TryGetNumbers(byte maximum, byte maximumOfSecond, out byte first, out byte second)
    {
        second = 0;
        int comma = Value.IndexOf((byte)',');
        return comma < 0
            ? TryParse(Value, maximum, out first)
            : TryParse(Value[..comma], maximum, out first) && TryParse(Value[(comma + 1)..], maximumOfSecond, out second);
    }

    private static bool TryParse(ReadOnlySpan<byte> digits, byte maximum, out byte number)
    {
        int value = 0;
        bool valid = !digits.IsEmpty;
        foreach (byte digit in digits)
        {
            value = (value * 10) + digit - '0';
            valid = valid && digit is >= (byte)'0' and <= (byte)'9' && value <= maximum;
        }

        number = (byte)value;
        return valid;
    }

    private static bool TryTakeBasic(ref ReadOnlySpan<byte> rest, out AtCommand command)
    {
        command = default;
        int name = rest[0] == '&' ? 2 : 1;
        if (rest.Length < name || rest[name - 1] is < (byte)'A' or > (byte)'Z')
        {
            return false;
        }

        int end = rest[name..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        end = end < 0 ? rest.Length : end + name;
        command = new AtCommand(rest[..name], AtCommandForm.Action, rest[name..end]);
        rest = rest[end..];
        return true;
    }

    private static bool TryTakeExtended(ref ReadOnlySpan<byte> rest, out AtCommand command)
    {
        command = default;
        int name = rest[1..].IndexOfAnyExcept(s_nameCharacters);
        name = name < 0 ? rest.Length : name + 1;
        int end = name + LengthOfArguments(rest[name..]);
        ReadOnlySpan<byte> arguments = rest[name..end];
        AtCommandForm form = arguments switch
        {
            [] => AtCommandForm.Action,
            [(byte)'?'] => AtCommandForm.Read,
            [(byte)'=', (byte)'?'] => AtCommandForm.Test,
            _ => AtCommandForm.Set,
        };
        if (name == 1 || (form == AtCommandForm.Set && arguments[0] != '='))
        {
            return false;
        }

        command = new AtCommand(rest[..name], form, form == AtCommandForm.Set ? arguments[1..] : []);
        rest = rest[end..];
        return true;
    }

    // A semicolon inside a string belongs to the string.
    private static int LengthOfArguments(ReadOnlySpan<byte> arguments)
    {
        bool quoted = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == '"')
            {
                quoted = !quoted;
            }
            else if (arguments[i] == ';' && !quoted)
            {
                return i;
            }
        }

        return arguments.Length;
    }
}
