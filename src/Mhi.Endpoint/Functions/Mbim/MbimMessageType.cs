namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>Types of control messages.</summary>
internal enum MbimMessageType : uint
{
    Open = 1,
    Close = 2,
    Command = 3,
    HostError = 4,
    OpenDone = 0x8000_0001,
    CloseDone = 0x8000_0002,
    CommandDone = 0x8000_0003,
    FunctionError = 0x8000_0004,
}
