using System;
using System.Linq;
using System.Text;
using Mhi.Endpoint.Functions;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class AtInterpreterTests
{
    private const string Identity =
        "\r\nManufacturer: Foxconn\r\nModel: T99W175\r\nRevision: 1.2.3\r\nIMEI: 001016000000013\r\n+GCAP: +CGSM\r\n";

    private static readonly AtModem s_modem = AtModem.FoxconnT99W175 with { Revision = "1.2.3" };

    [Theory]
    [InlineData("", "")]
    [InlineData("\r", "\r")]
    [InlineData("\r\n\r\n", "\r\r")]
    [InlineData("AT", "AT")]
    [InlineData("AT\r", "AT\r\r\nOK\r\n")]
    [InlineData("at\r", "at\r\r\nOK\r\n")]
    [InlineData("aT\r\n", "aT\r\r\nOK\r\n")]
    [InlineData("AT\rAT\r", "AT\r\r\nOK\r\nAT\r\r\nOK\r\n")]
    [InlineData("  AT \r", "  AT \r\r\nOK\r\n")]
    [InlineData("~#AT\r", "~#AT\r\r\nOK\r\n")]
    [InlineData("hello\r", "hello\r\r\nERROR\r\n")]
    [InlineData("A\r", "A\r\r\nERROR\r\n")]
    [InlineData("T\r", "T\r\r\nERROR\r\n")]
    [InlineData("AT\u0000\u0011\u001b\r", "AT\r\r\nOK\r\n")]
    public void Line_IsEchoedAndAnswered(string sent, string received) => Assert.Equal(received, Converse(sent));

    [Theory]
    [InlineData("ATX\b\r", "ATX\b \b\r\r\nOK\r\n")]
    [InlineData("ATX\u007f\r", "ATX\b \b\r\r\nOK\r\n")]
    [InlineData("\bAT\r", "AT\r\r\nOK\r\n")]
    [InlineData("AT\b\b\b\r", "AT\b \b\b \b\r")]
    [InlineData("B\bAT\r", "B\b \bAT\r\r\nOK\r\n")]
    [InlineData("AX\bT+CSX\bQ\r", "AX\b \bT+CSX\b \bQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    public void Backspace_TakesTheLastCharacterBack(string sent, string received) => Assert.Equal(received, Converse(sent));

    [Theory]
    [InlineData("ATE0\rAT\r", "ATE0\r\r\nOK\r\n\r\nOK\r\n")]
    [InlineData("ATE\rAT\r", "ATE\r\r\nOK\r\n\r\nOK\r\n")]
    [InlineData("ATE0\rATE1\rAT\r", "ATE0\r\r\nOK\r\n\r\nOK\r\nAT\r\r\nOK\r\n")]
    [InlineData("ATE2\r", "ATE2\r\r\nERROR\r\n")]
    [InlineData("ATE00\r", "ATE00\r\r\nOK\r\n")]
    [InlineData("ATE256\r", "ATE256\r\r\nERROR\r\n")]
    [InlineData("ATE4294967297\r", "ATE4294967297\r\r\nERROR\r\n")]
    [InlineData("ATE0\rX\b\b\r", "ATE0\r\r\nOK\r\n")]
    public void Echo_IsSwitchedByAtE(string sent, string received) => Assert.Equal(received, Converse(sent));

    [Theory]
    [InlineData("ATE0+CFUN?;+CFUN=?\r", "ATE0+CFUN?;+CFUN=?\r\r\n+CFUN: 1\r\n\r\n+CFUN: (0,1,4),(0,1)\r\n\r\nOK\r\n")]
    [InlineData("ATQ1\rAT+CFUN=4;+CFUN?;+CSQ;+CREG?\r", "\r\n+CFUN: 4\r\n\r\n+CSQ: 99,99\r\n\r\n+CREG: 0,0\r\n")]
    [InlineData("ATQ1\rAT+CFUN=0,0;+CFUN=1,1;+CFUN?\r", "\r\n+CFUN: 1\r\n")]
    [InlineData("ATV0\rAT+CFUN=2\r", "\r4\r")]
    [InlineData("ATV0\rAT+CFUN=1,2\r", "\r4\r")]
    [InlineData("ATV0\rAT+CFUN=1,\r", "\r4\r")]
    [InlineData("ATV0\rAT+CFUN=1,1,1\r", "\r4\r")]
    [InlineData("ATV0\rAT+CFUN\r", "\r4\r")]
    public void Functionality_IsSetByCfun(string sent, string received) => Assert.EndsWith(received, Converse(sent), StringComparison.Ordinal);

    [Theory]
    [InlineData("ATV0\r", "0\r")]
    [InlineData("ATV0\rATY\r", "0\r4\r")]
    [InlineData("ATV0\rAT+CSQ\r", "0\r+CSQ: 24,99\r\n0\r")]
    [InlineData("ATV0\rATV1\r", "0\r\r\nOK\r\n")]
    [InlineData("ATV0+CMEE=1\rATY\r", "0\r+CME ERROR: 100\r")]
    [InlineData("ATQ1\rAT\rATY\r", "")]
    [InlineData("ATQ1\rAT+CSQ\r", "\r\n+CSQ: 24,99\r\n")]
    [InlineData("ATQ1\rATQ0\r", "\r\nOK\r\n")]
    [InlineData("ATV2\r", "\r\nERROR\r\n")]
    [InlineData("ATQ9\r", "\r\nERROR\r\n")]
    public void Results_TakeTheFormAskedFor(string sent, string received) => Assert.Equal(received, ConverseWithoutEcho(sent));

    [Theory]
    [InlineData("ATZ\r")]
    [InlineData("ATZ0\r")]
    [InlineData("AT&F\r")]
    [InlineData("AT&F0\r")]
    public void Restore_BringsBackEveryDefault(string restore) =>
        Assert.EndsWith(
            "\r\nOK\r\nAT+CREG?;+CMEE?\r\r\n+CREG: 0,1\r\n\r\n+CMEE: 0\r\n\r\nOK\r\n",
            Converse("ATE0V0Q1+CMEE=2;+CREG=2\r" + restore + "AT+CREG?;+CMEE?\r"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("ATI\r", Identity + "\r\nOK\r\n")]
    [InlineData("ATI0\r", Identity + "\r\nOK\r\n")]
    [InlineData("ATI1\r", "\r\nERROR\r\n")]
    [InlineData("AT+CGMI\r", "\r\nFoxconn\r\n\r\nOK\r\n")]
    [InlineData("AT+CGMM\r", "\r\nT99W175\r\n\r\nOK\r\n")]
    [InlineData("AT+CGMR\r", "\r\n1.2.3\r\n\r\nOK\r\n")]
    [InlineData("AT+CGSN\r", "\r\n001016000000013\r\n\r\nOK\r\n")]
    [InlineData("AT+CGSN=0\r", "\r\n001016000000013\r\n\r\nOK\r\n")]
    [InlineData("AT+CGSN=1\r", "\r\n+CGSN: \"001016000000013\"\r\n\r\nOK\r\n")]
    [InlineData("AT+CGSN=2\r", "\r\nERROR\r\n")]
    [InlineData("AT+CGSN=\r", "\r\nERROR\r\n")]
    [InlineData("AT+CGSN?\r", "\r\nERROR\r\n")]
    [InlineData("AT+CGSN=?\r", "\r\n+CGSN: (0,1)\r\n\r\nOK\r\n")]
    [InlineData("AT+GMI;+GMM;+GMR;+GSN\r", "\r\nFoxconn\r\n\r\nT99W175\r\n\r\n1.2.3\r\n\r\n001016000000013\r\n\r\nOK\r\n")]
    [InlineData("AT+GCAP\r", "\r\n+GCAP: +CGSM\r\n\r\nOK\r\n")]
    [InlineData("AT+CGMI=?\r", "\r\nOK\r\n")]
    [InlineData("AT+CGMM=?\r", "\r\nOK\r\n")]
    [InlineData("AT+CGMR=?\r", "\r\nOK\r\n")]
    [InlineData("AT+CGMI?\r", "\r\nERROR\r\n")]
    [InlineData("AT+CGMI=1\r", "\r\nERROR\r\n")]
    public void Identification_IsThatOfTheModem(string sent, string received) => Assert.Equal(received, ConverseWithoutEcho(sent));

    [Theory]
    [InlineData("AT+CSQ\r", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    [InlineData("AT+CSQ=?\r", "\r\n+CSQ: (0-31,99),(0-7,99)\r\n\r\nOK\r\n")]
    [InlineData("AT+CSQ?\r", "\r\nERROR\r\n")]
    [InlineData("AT+CSQ=1\r", "\r\nERROR\r\n")]
    [InlineData("AT+CREG?\r", "\r\n+CREG: 0,1\r\n\r\nOK\r\n")]
    [InlineData("AT+CREG=1;+CREG?\r", "\r\n+CREG: 1,1\r\n\r\nOK\r\n")]
    [InlineData("AT+CREG=2;+CREG?\r", "\r\n+CREG: 2,1,\"0001\",\"00000001\",7\r\n\r\nOK\r\n")]
    [InlineData("AT+CREG=3\r", "\r\nERROR\r\n")]
    [InlineData("AT+CREG=\r", "\r\nERROR\r\n")]
    [InlineData("AT+CREG=x\r", "\r\nERROR\r\n")]
    [InlineData("AT+CREG=-1\r", "\r\nERROR\r\n")]
    [InlineData("AT+CREG\r", "\r\nERROR\r\n")]
    [InlineData("AT+CREG=?\r", "\r\n+CREG: (0-2)\r\n\r\nOK\r\n")]
    [InlineData("AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\nOK\r\n")]
    [InlineData("AT+CPIN=?\r", "\r\nOK\r\n")]
    [InlineData("AT+CPIN=\"1234\"\r", "\r\nERROR\r\n")]
    [InlineData("AT+CPIN\r", "\r\nERROR\r\n")]
    public void Radio_IsReported(string sent, string received) => Assert.Equal(received, ConverseWithoutEcho(sent));

    [Fact]
    public void Radio_IsThatOfTheModem()
    {
        AtModem roaming = s_modem with
        {
            SignalStrength = 0,
            BitErrorRate = 7,
            Registration = 5,
            AreaCode = 0xbeef,
            CellIdentity = 0x1c3d4e5,
            AccessTechnology = 11,
            SimState = "SIM PIN",
        };

        Assert.Equal(
            "\r\n+CSQ: 0,7\r\n\r\n+CREG: 2,5,\"BEEF\",\"01C3D4E5\",11\r\n\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n",
            Converse(new AtInterpreter(roaming), "ATE0\rAT+CSQ;+CREG=2;+CREG?;+CPIN?\r")["ATE0\r\r\nOK\r\n".Length..]);
    }

    [Theory]
    [InlineData("AT+CMEE?\r", "\r\n+CMEE: 0\r\n\r\nOK\r\n")]
    [InlineData("AT+CMEE=?\r", "\r\n+CMEE: (0-2)\r\n\r\nOK\r\n")]
    [InlineData("AT+CMEE=1;+CMEE?\r", "\r\n+CMEE: 1\r\n\r\nOK\r\n")]
    [InlineData("AT+CMEE=3\r", "\r\nERROR\r\n")]
    [InlineData("AT+CMEE\r", "\r\nERROR\r\n")]
    [InlineData("AT+CMEE=1;+XYZ\r", "\r\n+CME ERROR: 100\r\n")]
    [InlineData("AT+CMEE=2;+XYZ\r", "\r\n+CME ERROR: unknown\r\n")]
    [InlineData("AT+CMEE=1;+CREG=9\r", "\r\n+CME ERROR: 50\r\n")]
    [InlineData("AT+CMEE=2;+CREG=9\r", "\r\n+CME ERROR: Incorrect parameters\r\n")]
    [InlineData("AT+CMEE=1;+CPIN=1234\r", "\r\n+CME ERROR: 3\r\n")]
    [InlineData("AT+CMEE=2;+CPIN=1234\r", "\r\n+CME ERROR: operation not allowed\r\n")]
    [InlineData("AT+CMEE=1;+CSQ?\r", "\r\n+CME ERROR: 4\r\n")]
    [InlineData("AT+CMEE=2;+CSQ?\r", "\r\n+CME ERROR: operation not supported\r\n")]
    [InlineData("AT+CMEE=2\rhello\r", "\r\nOK\r\n\r\nERROR\r\n")]
    public void Errors_SayAsMuchAsCmeeAsksFor(string sent, string received) => Assert.Equal(received, ConverseWithoutEcho(sent));

    [Theory]
    [InlineData("ATE0I\r", Identity + "\r\nOK\r\n")]
    [InlineData("ATV1Q0E0\r", "\r\nOK\r\n")]
    [InlineData("at v 1 + c s q ; e 0\r", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    [InlineData("ATE0;+CSQ\r", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    [InlineData("AT+CSQ;\r", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    [InlineData("AT+CSQ;+XYZ;+CGMI\r", "\r\n+CSQ: 24,99\r\n\r\nERROR\r\n")]
    [InlineData("AT+CPIN=\"1;+CSQ\r", "\r\nERROR\r\n")]
    [InlineData("AT;\r", "\r\nERROR\r\n")]
    [InlineData("AT+CSQ;;+CSQ\r", "\r\n+CSQ: 24,99\r\n\r\nERROR\r\n")]
    [InlineData("AT+\r", "\r\nERROR\r\n")]
    [InlineData("AT+?\r", "\r\nERROR\r\n")]
    [InlineData("AT=\r", "\r\nERROR\r\n")]
    [InlineData("AT&\r", "\r\nERROR\r\n")]
    [InlineData("AT&1\r", "\r\nERROR\r\n")]
    [InlineData("AT5\r", "\r\nERROR\r\n")]
    [InlineData("AT+CSQE0\r", "\r\nERROR\r\n")]
    [InlineData("AT+CSQ\"\r", "\r\nERROR\r\n")]
    [InlineData("AT+CSQ??\r", "\r\nERROR\r\n")]
    [InlineData("AT\u00ff\r", "\r\nERROR\r\n")]
    [InlineData("ATD*99#\r", "\r\nERROR\r\n")]
    public void Commands_ShareALine(string sent, string received) => Assert.Equal(received, ConverseWithoutEcho(sent));

    [Theory]
    [InlineData("A/", "A/\r\nOK\r\n")]
    [InlineData("AT+CSQ\ra/", "AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\na/\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    [InlineData("AT+CSQ\rA/\rA/", "AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\nA/\r\n+CSQ: 24,99\r\n\r\nOK\r\n\rA/\r\n+CSQ: 24,99\r\n\r\nOK\r\n")]
    [InlineData("ATY\rA/", "ATY\r\r\nERROR\r\nA/\r\nERROR\r\n")]
    [InlineData("hello\rA/", "hello\r\r\nERROR\r\nA/\r\nOK\r\n")]
    [InlineData("ATA/\r", "ATA/\r\r\nERROR\r\n")]
    [InlineData("B/\r", "B/\r\r\nERROR\r\n")]
    public void Repeat_ExecutesTheLastLineAgainWithoutWaitingForItsEnd(string sent, string received) => Assert.Equal(received, Converse(sent));

    [Theory]
    [InlineData(AtLineEditor.MaxLength, true)]
    [InlineData(AtLineEditor.MaxLength + 1, false)]
    [InlineData(1_000_000, false)]
    public void Line_LongerThanTheLimit_IsRefusedWhole_AndTheNextIsGood(int length, bool accepted)
    {
        string line = "AT" + new string(' ', length - 2) + "\r";

        Assert.Equal(accepted ? "\r\nOK\r\n\r\nOK\r\n" : "\r\nERROR\r\n\r\nOK\r\n", ConverseWithoutEcho(line + "AT\r"));
    }

    [Fact]
    public void Line_OnceTooLong_StaysTooLong()
    {
        string line = "AT" + new string('1', AtLineEditor.MaxLength) + new string('\b', AtLineEditor.MaxLength) + "\r";

        Assert.Equal("\r\nERROR\r\n", ConverseWithoutEcho(line));
    }

    [Fact]
    public void Reset_ForgetsTheLineTheLastCommandAndTheSettings()
    {
        var interpreter = new AtInterpreter(s_modem);
        _ = Converse(interpreter, "ATE0V0+CSQ\rAT+CG");

        interpreter.Reset();

        Assert.Equal("A/\r\nOK\r\n", Converse(interpreter, "A/"));
    }

    [Fact]
    public void EveryStep_WritesNoMoreThanItsShare()
    {
        string longest = new('m', AtModemText.MaxLength);
        var interpreter = new AtInterpreter(new AtModem
        {
            Manufacturer = longest,
            Model = longest,
            Revision = longest,
            EquipmentNumber = "00999999999999",
            SimState = longest,
            SignalStrength = 255,
            BitErrorRate = 255,
            Registration = 255,
            AreaCode = 0xffff,
            CellIdentity = uint.MaxValue,
            AccessTechnology = 255,
        });
        string[] names = ["+CGMI", "+CGMM", "+CGMR", "+CGSN", "+GMI", "+GMM", "+GMR", "+GSN", "+GCAP", "+CSQ", "+CREG", "+CPIN", "+CMEE"];
        string[] forms = ["", "?", "=?", "=0", "=1", "=2"];
        string[] lines =
        [
            .. names.SelectMany(name => forms.Select(form => name + form)),
            "I", "E1", "V1", "Q0", "&F", "Z",
        ];

        int longestStep = 0;
        foreach (byte character in Encoding.Latin1.GetBytes("AT+CMEE=2;+CREG=2\r" + string.Concat(lines.Select(line => "AT" + line + "\r"))))
        {
            interpreter.Accept(character);
            longestStep = Math.Max(longestStep, interpreter.Response.Written.Length);
            interpreter.Response.Clear();
            while (interpreter.IsExecuting)
            {
                interpreter.ExecuteNext();
                longestStep = Math.Max(longestStep, interpreter.Response.Written.Length);
                interpreter.Response.Clear();
            }
        }

        Assert.InRange(longestStep, 3 * AtModemText.MaxLength, AtResponse.LongestStep);
    }

    private static string Converse(string sent) => Converse(new AtInterpreter(s_modem), sent);

    private static string ConverseWithoutEcho(string sent)
    {
        var interpreter = new AtInterpreter(s_modem);
        _ = Converse(interpreter, "ATE0\r");
        return Converse(interpreter, sent);
    }

    private static string Converse(AtInterpreter interpreter, string sent)
    {
        var received = new StringBuilder();
        foreach (byte character in Encoding.Latin1.GetBytes(sent))
        {
            interpreter.Accept(character);
            Take();
            while (interpreter.IsExecuting)
            {
                interpreter.ExecuteNext();
                Take();
            }
        }

        return received.ToString();

        void Take()
        {
            received.Append(Encoding.Latin1.GetString(interpreter.Response.Written));
            interpreter.Response.Clear();
        }
    }
}
