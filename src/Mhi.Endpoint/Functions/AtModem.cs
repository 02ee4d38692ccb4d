namespace Mhi.Endpoint.Functions;

/// <summary>What the modem behind an <see cref="AtCommandPort"/> is and how its radio stands.</summary>
/// <remarks>Texts are printable ASCII without quotation marks, 1 to 64 characters; the port checks them when it is made.</remarks>
public sealed record AtModem
{
    /// <summary>The modem of the default device profile, registered in a test network.</summary>
    public static AtModem FoxconnT99W175 { get; } = new()
    {
        Manufacturer = "Foxconn",
        Model = "T99W175",
        Revision = typeof(AtModem).Assembly.GetName().Version!.ToString(fieldCount: 3),
        EquipmentNumber = "00101600000001",
    };

    /// <summary>Answer to +CGMI.</summary>
    public required string Manufacturer { get; init; }

    /// <summary>Answer to +CGMM.</summary>
    public required string Model { get; init; }

    /// <summary>Answer to +CGMR.</summary>
    public required string Revision { get; init; }

    /// <summary>
    /// The IMEI without its check digit: 14 digits, type allocation code and serial number. Numbers that begin with 00 are
    /// for tests and belong to no device.
    /// </summary>
    public required string EquipmentNumber { get; init; }

    /// <summary>State of the SIM, the answer to +CPIN?.</summary>
    public string SimState { get; init; } = "READY";

    /// <summary>Received signal strength as +CSQ counts it: 0 (-113 dBm) to 31 (-51 dBm), 99 is unknown.</summary>
    public byte SignalStrength { get; init; } = 24;

    /// <summary>Bit error rate as +CSQ counts it: 0 to 7, 99 is unknown.</summary>
    public byte BitErrorRate { get; init; } = 99;

    /// <summary>Registration as +CREG counts it: 0 not registered, 1 home network, 2 searching, 3 denied, 4 unknown, 5 roaming.</summary>
    public byte Registration { get; init; } = 1;

    /// <summary>Location area code of the serving cell.</summary>
    public ushort AreaCode { get; init; } = 1;

    /// <summary>Identity of the serving cell.</summary>
    public uint CellIdentity { get; init; } = 1;

    /// <summary>Access technology of the serving cell as +CREG counts it: 7 is LTE.</summary>
    public byte AccessTechnology { get; init; } = 7;
}
