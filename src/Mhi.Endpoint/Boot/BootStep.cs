namespace Mhi.Endpoint.Boot;

/// <summary>How far the device has come on the way from its boot loader to its mission firmware.</summary>
internal enum BootStep : byte
{
    /// <summary>The mission firmware runs.</summary>
    Done,

    /// <summary>PBL: waits for the image doorbell.</summary>
    AwaitsImage,

    /// <summary>PBL: reads the image.</summary>
    Downloads,

    /// <summary>PBL: the image is there, and SBL will start.</summary>
    Loaded,

    /// <summary>SBL: sets up the registers, READY comes next.</summary>
    Starts,

    /// <summary>SBL: READY, until the host requests M0.</summary>
    AwaitsHost,

    /// <summary>SBL: in M0, about to say so.</summary>
    Announces,

    /// <summary>SBL: starts the mission firmware.</summary>
    LoadsMission,
}
