namespace Mhi.Endpoint.Functions.Qmi;

/// <summary>Where the fields of QMUX frames and QMI messages lie. All numbers are little-endian.</summary>
internal static class QmiFormat
{
    /// <summary>First byte of every frame; the length that follows does not count it.</summary>
    internal const byte Marker = 1;

    /// <summary>Marker, length, flags, service, client.</summary>
    internal const int FrameHeader = 6;

    /// <summary>Flags, transaction, message, length of the values; the transaction has one byte on the control service, two on the others.</summary>
    internal const int ControlHeader = 6;
    internal const int ServiceHeader = 7;

    /// <summary>Type and length of a value.</summary>
    internal const int ValueHeader = 3;

    internal const int FrameFlags = 3;
    internal const int FrameService = 4;
    internal const int FrameClient = 5;

    /// <summary>In the flags of a frame: it comes from the modem.</summary>
    internal const byte FromService = 0x80;

    internal const byte ControlService = 0;
    internal const byte DeviceService = 2;
}
