using System.Runtime.InteropServices;

namespace Mhi.Endpoint.Registers;

/// <summary>
/// What the host thread tells the device thread outside the registers proper. All words are written by the host thread
/// and lie together, a cache line away from everything the device thread writes.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct HostLine
{
    /// <summary>Goes up with every channel doorbell.</summary>
    [FieldOffset(64)]
    internal uint DoorbellSequence;

    /// <summary>Goes up with every other write the device has to look at.</summary>
    [FieldOffset(68)]
    internal uint ControlSequence;

    /// <summary>Goes up with every state request in MHICTRL.</summary>
    [FieldOffset(72)]
    internal uint StateRequests;

    /// <summary>Goes up with every reset: MHICTRL.RESET, SOC_RESET_REQ, function reset.</summary>
    [FieldOffset(76)]
    internal uint Resets;

    /// <summary>Goes up with every command doorbell.</summary>
    [FieldOffset(80)]
    internal uint CommandDoorbells;

    /// <summary>1 while the function is a bus master.</summary>
    [FieldOffset(84)]
    internal uint BusMaster;

    /// <summary>Goes up with every image doorbell.</summary>
    [FieldOffset(96)]
    internal uint ImageDoorbells;

    /// <summary>Goes up with every write of BHI STATUS, which clears it.</summary>
    [FieldOffset(100)]
    internal uint StatusClears;

    /// <summary>Goes up with those resets that restart the whole device: SOC_RESET_REQ, function reset.</summary>
    [FieldOffset(104)]
    internal uint WholeResets;

    /// <summary>Host writes that no register takes.</summary>
    [FieldOffset(88)]
    internal long IgnoredWrites;
}
