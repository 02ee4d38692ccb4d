using System;

namespace Mhi.Endpoint.Functions.Qmi;

/// <summary>The device management service (DMS): what the modem is, and its operating mode.</summary>
/// <param name="modem">What the modem says of itself.</param>
internal sealed class QmiDeviceService(AtModem modem)
{
    private const ushort GetManufacturer = 0x21;
    private const ushort GetModel = 0x22;
    private const ushort GetRevision = 0x23;
    private const ushort GetIds = 0x25;
    private const ushort GetOperatingMode = 0x2d;
    private const ushort SetOperatingMode = 0x2e;
    private const byte Value = 1;
    private const byte Imei = 0x11;
    private const byte Online = 0;
    private const byte LowPower = 1;

    private readonly AtModemText _text = new(modem);
    private byte _mode = Online;

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The response, begun.</param>
    /// <returns>What is wrong with the request, if anything.</returns>
    public QmiError Answer(in QmiRequest request, QmiResponse response)
    {
        switch (request.Message)
        {
            case GetManufacturer:
                response.Add(Value, _text.Manufacturer);
                return QmiError.None;
            case GetModel:
                response.Add(Value, _text.Model);
                return QmiError.None;
            case GetRevision:
                response.Add(Value, _text.Revision);
                return QmiError.None;
            case GetIds:
                response.Add(Imei, _text.EquipmentIdentity);
                return QmiError.None;
            case GetOperatingMode:
                response.Add(Value, [_mode]);
                return QmiError.None;
            case SetOperatingMode:
                return SetMode(request);
            default:
                return QmiError.InvalidQmiCommand;
        }
    }

    private QmiError SetMode(in QmiRequest request)
    {
        if (!request.TryFind(Value, 1, out ReadOnlySpan<byte> mode))
        {
            return QmiError.MissingArgument;
        }

        if (mode[0] is not (Online or LowPower))
        {
            return QmiError.InvalidArgument;
        }

        _mode = mode[0];
        return QmiError.None;
    }
}
