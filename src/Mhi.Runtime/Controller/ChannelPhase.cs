namespace Mhi.Controller;

/// <summary>Where a channel pair is in its life.</summary>
internal enum ChannelPhase
{
    /// <summary>START has been sent to at least one direction.</summary>
    Opening,

    /// <summary>Both directions run.</summary>
    Running,

    /// <summary>Paused by STOP: nothing is queued, completions of what was queued still count.</summary>
    Stopped,

    /// <summary>RESET has been sent.</summary>
    Resetting,

    /// <summary>The device has nothing to do with the channel any more.</summary>
    Reset,
}
