namespace Mhi.Gateway.Doctor;

/// <summary>How a step of the walk went.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It goes on, but somebody should know.</summary>
    Note,

    /// <summary>The walk ends here.</summary>
    Failed,
}
