namespace Mhi.Gateway.Doctor;

/// <summary>Names of the steps that use a channel.</summary>
internal static class ProbeSteps
{
    /// <summary>Opening the channel.</summary>
    internal const string Open = "channel";

    /// <summary>The round trip.</summary>
    internal const string RoundTrip = "loopback";

    /// <summary>The AT command.</summary>
    internal const string Command = "at";
}
