using System;
using System.Text;
using Mhi.Endpoint.Functions;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class AtModemTests
{
    [Theory]
    [InlineData("49015420323751", "490154203237518")]
    [InlineData("35209900176148", "352099001761481")]
    [InlineData("00000000000000", "000000000000000")]
    public void EquipmentIdentity_EndsWithItsCheckDigit(string number, string identity)
    {
        var text = new AtModemText(AtModem.FoxconnT99W175 with { EquipmentNumber = number });

        Assert.Equal(identity, Encoding.ASCII.GetString(text.EquipmentIdentity));
    }

    [Fact]
    public void DefaultModem_IsThatOfTheDefaultProfile_WithATestIdentity()
    {
        AtModem modem = AtModem.FoxconnT99W175;

        Assert.Equal("Foxconn", modem.Manufacturer);
        Assert.Equal("T99W175", modem.Model);
        Assert.Equal(typeof(AtCommandPort).Assembly.GetName().Version!.ToString(3), modem.Revision);
        Assert.StartsWith("00", modem.EquipmentNumber, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0010160000000")]
    [InlineData("001016000000017")]
    [InlineData("0010160000000x")]
    public void EquipmentNumber_ThatIsNotFourteenDigits_IsRefused(string number)
    {
        var exception = Assert.Throws<ArgumentException>(() => new AtCommandPort(AtModem.FoxconnT99W175 with { EquipmentNumber = number }));

        Assert.Contains("EquipmentNumber must be 14 digits", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\r\nlines")]
    [InlineData("\"quoted\"")]
    [InlineData("Füchse")]
    [InlineData("an answer of more than sixty-four characters, which no modem gives")]
    public void Text_ThatCannotBeAnAnswer_IsRefused(string text)
    {
        var exception = Assert.Throws<ArgumentException>(() => new AtCommandPort(AtModem.FoxconnT99W175 with { Model = text }));

        Assert.Contains("Model must be 1 to 64", exception.Message, StringComparison.Ordinal);
    }
}
