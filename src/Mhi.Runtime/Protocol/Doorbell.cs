namespace Mhi.Protocol;

/// <summary>Geometry of the doorbell arrays. An entry is 8 bytes: low half at +0, high half at +4, high written first.</summary>
public static class Doorbell
{
    /// <summary>Bytes of one doorbell.</summary>
    public const uint EntryLength = 8;

    /// <summary>Channel doorbells a device has.</summary>
    public const int ChannelCount = 128;

    /// <summary>Index in the channel array that wakes the device (1) or lets it sleep (0).</summary>
    public const int DeviceWake = 127;

    /// <summary>Index in the channel array that sends the device into emergency download.</summary>
    public const int EmergencyDownload = 91;
}
