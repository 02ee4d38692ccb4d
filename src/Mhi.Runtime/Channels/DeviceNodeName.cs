using System;

namespace Mhi.Channels;

/// <summary>The name under which other programs find a channel: <c>mhi_&lt;controller&gt;_&lt;channel&gt;</c> in <c>/dev</c>.</summary>
public static class DeviceNodeName
{
    /// <summary>Builds the node name of a channel.</summary>
    /// <param name="controllerName">Name of the controller, for a PCI function its address such as <c>0000:01:00.0</c>.</param>
    /// <param name="channelName">Name of the channel, such as <c>LOOPBACK</c>.</param>
    /// <returns>The name, with every <c>/</c> replaced by <c>!</c> as the kernel does for its own nodes.</returns>
    public static string For(string controllerName, string channelName)
    {
        ArgumentException.ThrowIfNullOrEmpty(controllerName);
        ArgumentException.ThrowIfNullOrEmpty(channelName);
        return string.Concat("mhi_", controllerName, "_", channelName).Replace('/', '!');
    }
}
