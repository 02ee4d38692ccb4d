namespace Mhi.Controller;

/// <summary>The errno of what a controller reports, as on Linux: the one table of it.</summary>
internal static class MhiErrno
{
    internal const int InputOutput = 5;
    internal const int OutOfMemory = 12;
    internal const int Busy = 16;
    internal const int NoDevice = 19;
    internal const int NotSupported = 95;
    internal const int NotConnected = 107;

    internal static int Of(MhiErrorCode code) => code switch
    {
        MhiErrorCode.None => 0,
        MhiErrorCode.DeviceRemoved or MhiErrorCode.ChannelNotFound => NoDevice,
        MhiErrorCode.WrongExecutionEnvironment => NotConnected,
        MhiErrorCode.OutOfMemory => OutOfMemory,
        MhiErrorCode.Busy or MhiErrorCode.ChannelBusy => Busy,
        MhiErrorCode.NotSupported => NotSupported,
        _ => InputOutput,
    };
}
