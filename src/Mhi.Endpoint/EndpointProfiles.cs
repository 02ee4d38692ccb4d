using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mhi.Profiles;

namespace Mhi.Endpoint;

/// <summary>The device families an endpoint can be. The one place where their names are looked up.</summary>
public static class EndpointProfiles
{
    /// <summary>All of them, in the order in which they are listed.</summary>
    public static ImmutableArray<DeviceProfile> All { get; } = [KnownProfiles.FoxconnT99W175];

    /// <summary>Looks a profile up.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="profile">The profile.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string id, [NotNullWhen(true)] out DeviceProfile? profile)
    {
        foreach (DeviceProfile candidate in All)
        {
            if (candidate.Id == id)
            {
                profile = candidate;
                return true;
            }
        }

        profile = null;
        return false;
    }
}
