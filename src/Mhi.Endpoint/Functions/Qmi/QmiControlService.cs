using System;

namespace Mhi.Endpoint.Functions.Qmi;

/// <summary>The control service (CTL): versions, and clients of the other services.</summary>
internal sealed class QmiControlService
{
    private const ushort GetVersionInfo = 0x21;
    private const ushort AllocateClient = 0x22;
    private const ushort ReleaseClient = 0x23;
    private const ushort Sync = 0x27;
    private const byte Value = 1;

    // 0 belongs to the control service, 255 to everybody.
    private readonly bool[] _clients = new bool[byte.MaxValue];

    // Count, and service, major and minor version of each.
    private static ReadOnlySpan<byte> Versions =>
        [2, QmiFormat.ControlService, 1, 0, 5, 0, QmiFormat.DeviceService, 1, 0, 0, 0];

    /// <summary>Whether a client of the device service has that number.</summary>
    /// <param name="client">The number.</param>
    /// <returns>Whether there is one.</returns>
    public bool IsClient(byte client) => client < _clients.Length && _clients[client];

    /// <summary>Forgets all clients.</summary>
    public void Reset() => Array.Clear(_clients);

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The response, begun.</param>
    /// <returns>What is wrong with the request, if anything.</returns>
    public QmiError Answer(in QmiRequest request, QmiResponse response)
    {
        switch (request.Message)
        {
            case GetVersionInfo:
                response.Add(Value, Versions);
                return QmiError.None;
            case AllocateClient:
                return Allocate(request, response);
            case ReleaseClient:
                return Release(request, response);
            case Sync:
                Reset();
                return QmiError.None;
            default:
                return QmiError.InvalidQmiCommand;
        }
    }

    private QmiError Allocate(in QmiRequest request, QmiResponse response)
    {
        if (!request.TryFind(Value, 1, out ReadOnlySpan<byte> service))
        {
            return QmiError.MissingArgument;
        }

        if (service[0] != QmiFormat.DeviceService)
        {
            return QmiError.InvalidServiceType;
        }

        int free = Array.IndexOf(_clients, false, 1);
        if (free < 0)
        {
            return QmiError.ClientIdsExhausted;
        }

        _clients[free] = true;
        Span<byte> client = response.Add(Value, 2);
        client[0] = QmiFormat.DeviceService;
        client[1] = (byte)free;
        return QmiError.None;
    }

    private QmiError Release(in QmiRequest request, QmiResponse response)
    {
        if (!request.TryFind(Value, 2, out ReadOnlySpan<byte> client))
        {
            return QmiError.MissingArgument;
        }

        if (client[0] != QmiFormat.DeviceService)
        {
            return QmiError.InvalidServiceType;
        }

        if (!IsClient(client[1]))
        {
            return QmiError.InvalidClientId;
        }

        _clients[client[1]] = false;
        response.Add(Value, client[..2]);
        return QmiError.None;
    }
}
