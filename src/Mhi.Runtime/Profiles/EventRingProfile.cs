namespace Mhi.Profiles;

/// <summary>One event ring of a device family.</summary>
/// <param name="Elements">Elements of the ring, a power of two.</param>
/// <param name="ModerationMilliseconds">
/// How long the interrupt of a BEI event may be held back; channels on a ring where it is not zero set BEI.
/// </param>
/// <param name="IsHardware">Whether the ring belongs to the hardware accelerator: set up in mission mode, not before M0.</param>
/// <param name="CarriesControl">Whether state, environment and command events arrive here.</param>
public sealed record EventRingProfile(int Elements, int ModerationMilliseconds, bool IsHardware, bool CarriesControl);
