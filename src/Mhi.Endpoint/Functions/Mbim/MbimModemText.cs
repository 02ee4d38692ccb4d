using System.Text;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>What never changes: the texts of an <see cref="AtModem"/> as MBIM names them, checked once.</summary>
internal sealed class MbimModemText
{
    public MbimModemText(AtModem modem)
    {
        DeviceId = Encoding.ASCII.GetString(new AtModemText(modem).EquipmentIdentity);
        Firmware = modem.Revision;
        Hardware = $"{modem.Manufacturer} {modem.Model}";
        if (Hardware.Length > AtModemText.MaxLength)
        {
            Hardware = modem.Model;
        }
    }

    /// <summary>The IMEI.</summary>
    public string DeviceId { get; }

    /// <summary>Revision of the firmware.</summary>
    public string Firmware { get; }

    /// <summary>Manufacturer and model.</summary>
    public string Hardware { get; }

    /// <summary>The IMSI. 001 and 01 are the country and network of test equipment (ITU-T E.212).</summary>
    public static string SubscriberId => "001010000000001";

    /// <summary>The ICCID. 999 is nobody's country code.</summary>
    public static string CardId => "89999010000000000013";

    /// <summary>Country and network code of the only network.</summary>
    public static string ProviderId => "00101";

    /// <summary>Name of the only network.</summary>
    public static string ProviderName => "Test network";
}
