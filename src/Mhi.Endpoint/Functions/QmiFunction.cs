using System;
using Mhi.Endpoint.Functions.Qmi;

namespace Mhi.Endpoint.Functions;

/// <summary>QMI: frames (QMUX), the control service, and of the device management service what the modem is.</summary>
/// <remarks>
/// Enough for a program to find the modem and to name it: CTL with SYNC, GET_VERSION_INFO, ALLOCATE_CID and RELEASE_CID; DMS
/// with manufacturer, model, revision, IDs and operating mode. There are no other services, and no data session is made
/// this way. A frame that is none is dropped and counted. While the host has no buffers for an answer, nothing is taken.
/// </remarks>
public sealed class QmiFunction : ChannelFunction
{
    private readonly QmiControlService _control = new();
    private readonly QmiDeviceService _device;
    private readonly QmiResponse _response = new();

    /// <summary>Creates the channel of the default modem.</summary>
    public QmiFunction()
        : this(AtModem.FoxconnT99W175)
    {
    }

    /// <summary>Creates the channel.</summary>
    /// <param name="modem">What the modem says of itself.</param>
    /// <exception cref="ArgumentException">A text of the modem cannot be sent; the message says which.</exception>
    public QmiFunction(AtModem modem)
    {
        ArgumentNullException.ThrowIfNull(modem);
        _device = new QmiDeviceService(modem);
    }

    /// <summary>Packets dropped so far because they are no requests in a frame.</summary>
    public long Malformed { get; private set; }

    /// <inheritdoc/>
    public override void OnStarted() => _control.Reset();

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        if (!downlink.CanSend)
        {
            return false;
        }

        if (!QmiRequest.TryParse(packet, out QmiRequest request))
        {
            Malformed++;
            return true;
        }

        _response.Begin(request);
        QmiError error = Answer(request);
        if (error != QmiError.None)
        {
            _response.Fail(error);
        }

        return downlink.TrySend(_response.Written);
    }

    private QmiError Answer(in QmiRequest request)
    {
        if (!request.IsWellFormed)
        {
            return QmiError.MalformedMessage;
        }

        if (request.Service == QmiFormat.ControlService)
        {
            return _control.Answer(request, _response);
        }

        if (request.Service != QmiFormat.DeviceService)
        {
            return QmiError.InvalidServiceType;
        }

        return _control.IsClient(request.Client) ? _device.Answer(request, _response) : QmiError.InvalidClientId;
    }
}
