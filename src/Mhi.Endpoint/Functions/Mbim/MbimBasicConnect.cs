using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>The Basic Connect service (MBIM 1.0, section 10.5): which part of it answers which CID, and device and SIM themselves.</summary>
internal sealed class MbimBasicConnect
{
    private const uint Query = 0;
    private const uint Set = 1;

    private readonly MbimModemText _text;
    private readonly MbimModemState _state = new();
    private readonly MbimNetworkService _network;
    private readonly MbimSessionService _sessions;
    private readonly MbimInfoWriter _answer = new();

    public MbimBasicConnect(AtModem modem)
    {
        _text = new MbimModemText(modem);
        _network = new MbimNetworkService(modem, _state);
        _sessions = new MbimSessionService(_state);
    }

    private static ReadOnlySpan<MbimCid> Cids =>
    [
        MbimCid.DeviceCaps, MbimCid.SubscriberReadyStatus, MbimCid.RadioState, MbimCid.Pin, MbimCid.HomeProvider,
        MbimCid.RegisterState, MbimCid.PacketService, MbimCid.SignalState, MbimCid.Connect, MbimCid.ProvisionedContexts,
        MbimCid.IpConfiguration, MbimCid.DeviceServices, MbimCid.DeviceServiceSubscribeList,
    ];

    /// <summary>The information buffer of the last answer.</summary>
    public ReadOnlySpan<byte> Answer => _answer.Written;

    /// <summary>The host has closed the function, or opens it anew: its sessions end.</summary>
    public void Close() => _state.EndSessions();

    /// <summary>Carries out a command and writes <see cref="Answer"/>, empty unless it succeeds.</summary>
    /// <param name="command">The command.</param>
    /// <returns>What came of it.</returns>
    public MbimStatus Execute(MbimCommand command)
    {
        _answer.Begin(0);
        if (!command.Service.SequenceEqual(MbimServices.BasicConnect))
        {
            return MbimStatus.NoDeviceSupport;
        }

        var request = new MbimInfoReader(command.Info);
        return command.Kind switch
        {
            Query => Ask((MbimCid)command.Cid, request),
            Set => Change((MbimCid)command.Cid, request),
            _ => MbimStatus.InvalidParameters,
        };
    }

    private MbimStatus Ask(MbimCid cid, MbimInfoReader request) => cid switch
    {
        MbimCid.DeviceCaps => WriteDeviceCaps(),
        MbimCid.SubscriberReadyStatus => WriteSubscriber(),
        MbimCid.RadioState => _network.WriteRadioState(_answer),
        MbimCid.Pin => WritePin(),
        MbimCid.HomeProvider => _network.WriteHomeProvider(_answer),
        MbimCid.RegisterState => _network.WriteRegisterState(_answer),
        MbimCid.PacketService => _network.WritePacketService(_answer),
        MbimCid.SignalState => _network.WriteSignalState(_answer),
        MbimCid.Connect => _sessions.WriteConnection(request, _answer),
        MbimCid.ProvisionedContexts => WriteNone(),
        MbimCid.IpConfiguration => _sessions.WriteIpConfiguration(request, _answer),
        MbimCid.DeviceServices => WriteDeviceServices(),
        _ => MbimStatus.NoDeviceSupport,
    };

    private MbimStatus Change(MbimCid cid, MbimInfoReader request) => cid switch
    {
        MbimCid.RadioState => _network.SetRadioState(request, _answer),
        MbimCid.Pin => MbimStatus.PinDisabled,
        MbimCid.RegisterState => _network.Register(request, _answer),
        MbimCid.PacketService => _network.SetPacketService(request, _answer),
        MbimCid.SignalState => _network.SetSignalState(request, _answer),
        MbimCid.Connect => _sessions.Connect(request, _answer),

        // The host may ask for any events: this device, whose state only the host changes, has none, and says so.
        MbimCid.DeviceServiceSubscribeList => WriteNone(),
        _ => MbimStatus.NoDeviceSupport,
    };

    private MbimStatus WriteDeviceCaps()
    {
        const uint removable = 2;
        const uint gsm = 1;
        const uint noVoice = 1;
        const uint logicalSim = 1;
        const uint registersManually = 1;

        _answer.Begin(64);
        _answer.Number(removable);
        _answer.Number(gsm);
        _answer.Number(noVoice);
        _answer.Number(logicalSim);
        _answer.Number(MbimNetworkService.DataClasses);
        _answer.Number(0);
        _answer.Number(registersManually);
        _answer.Number(MbimModemState.MaxSessions);
        _answer.Text("");
        _answer.Text(_text.DeviceId);
        _answer.Text(_text.Firmware);
        _answer.Text(_text.Hardware);
        return MbimStatus.Success;
    }

    private MbimStatus WriteSubscriber()
    {
        const uint initialized = 1;

        _answer.Begin(28);
        _answer.Number(initialized);
        _answer.Text(MbimModemText.SubscriberId);
        _answer.Text(MbimModemText.CardId);
        return MbimStatus.Success;
    }

    private MbimStatus WritePin()
    {
        const uint none = 0;
        const uint unlocked = 0;
        const uint unknown = uint.MaxValue;

        _answer.Begin(12);
        _answer.Number(none);
        _answer.Number(unlocked);
        _answer.Number(unknown);
        return MbimStatus.Success;
    }

    private MbimStatus WriteNone()
    {
        _answer.Begin(sizeof(uint));
        return MbimStatus.Success;
    }

    private MbimStatus WriteDeviceServices()
    {
        const int header = MbimFormat.ServiceLength + (3 * sizeof(uint));

        _answer.Begin(16);
        _answer.Number(1);
        _answer.Number(0);
        Span<byte> service = _answer.Reference(header + (Cids.Length * sizeof(uint)));
        MbimServices.BasicConnect.CopyTo(service);

        // Between them payload and instances of a data stream of the service: it has none.
        BinaryPrimitives.WriteUInt32LittleEndian(service[(header - sizeof(uint))..], (uint)Cids.Length);
        for (int i = 0; i < Cids.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(service[(header + (i * sizeof(uint)))..], (uint)Cids[i]);
        }

        return MbimStatus.Success;
    }
}
