using System.Collections.Generic;
using Mhi.Endpoint;
using Mhi.Endpoint.Functions;
using Mhi.Profiles;

namespace Mhi.Gateway.Endpoint;

/// <summary>What <c>mhi endpoint</c> is asked for.</summary>
/// <param name="SocketPath">Where clients find the device.</param>
/// <param name="Profile">Which device.</param>
/// <param name="Functions">Functions by channel name, in place of the usual ones.</param>
/// <param name="Options">How it starts and when it rests.</param>
/// <param name="LogPath">Where to write down what happens; null for nowhere.</param>
/// <param name="PerVectorMask">Whether MSI has mask bits.</param>
/// <param name="Once">Whether to end with the first client.</param>
internal sealed record EndpointRequest(
    string SocketPath,
    DeviceProfile Profile,
    IReadOnlyDictionary<string, ChannelFunction> Functions,
    EndpointOptions Options,
    string? LogPath,
    bool PerVectorMask,
    bool Once);
