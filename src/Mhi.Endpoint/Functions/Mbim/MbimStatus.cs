namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>What came of a command.</summary>
internal enum MbimStatus : uint
{
    Success = 0,
    PinDisabled = 6,
    NoDeviceSupport = 9,
    ProviderNotVisible = 10,
    PacketServiceDetached = 12,
    ContextNotActivated = 16,
    RadioPowerOff = 20,
    InvalidParameters = 21,
}
