namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>What the Basic Connect service of this device knows.</summary>
internal enum MbimCid : uint
{
    DeviceCaps = 1,
    SubscriberReadyStatus = 2,
    RadioState = 3,
    Pin = 4,
    HomeProvider = 6,
    RegisterState = 9,
    PacketService = 10,
    SignalState = 11,
    Connect = 12,
    ProvisionedContexts = 13,
    IpConfiguration = 15,
    DeviceServices = 16,
    DeviceServiceSubscribeList = 19,
}
