namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Says what a boot is made of.</summary>
public interface IGuestBoot
{
    /// <summary>The kernel, the emulated PC, the modem and the scenarios.</summary>
    static abstract GuestOptions Options { get; }
}
