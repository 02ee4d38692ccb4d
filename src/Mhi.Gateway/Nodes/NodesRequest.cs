using System.Collections.Immutable;
using Mhi.Gateway.Devices;
using Mhi.Nodes;

namespace Mhi.Gateway.Nodes;

/// <summary>What <c>mhi nodes</c> is asked for.</summary>
/// <param name="Device">Which device.</param>
/// <param name="Place">Where the nodes are to be.</param>
/// <param name="Folder">The directory for them when they are files.</param>
/// <param name="Channels">Names of the channels; empty for all of channels.json.</param>
/// <param name="Permissions">Who may open them.</param>
internal sealed record NodesRequest(
    DeviceRequest Device, NodesPlace Place, string Folder, ImmutableArray<string> Channels, NodePermissions Permissions)
{
    /// <summary>The directory that is taken unless another is given.</summary>
    internal const string UsualFolder = "/run/mhi";
}
