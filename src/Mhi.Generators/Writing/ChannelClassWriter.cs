using Mhi.Generators.Models;
using static Mhi.Generators.Writing.SourceWords;

namespace Mhi.Generators.Writing;

/// <summary>Writes the class of one channel: constants, and the ways to open it.</summary>
internal static class ChannelClassWriter
{
    public static string Write(ChannelModel channel) => WithLineFeeds(
        $$"""
        {{Header(channel.FileName)}}

        namespace {{channel.Namespace}};

        /// <summary>{{Summary(channel)}}</summary>
        /// <remarks>
        /// <list type="bullet">
        /// <item><description>MTU: {{Decimal(channel.Mtu)}} bytes ({{Hexadecimal(channel.Mtu)}}).</description></item>
        /// <item><description>Directions: {{DirectionsInWords(channel.Directions)}}.</description></item>
        /// <item><description>Pool depth: {{PoolDepthInWords(channel.PoolDepth)}}.</description></item>
        {{Tuning(channel)}}/// </list>
        /// </remarks>
        {{channel.Accessibility}} sealed class {{channel.ClassName}} : {{BaseType(channel)}}
        {
            /// <summary>Name of the channel, as in the device's channel table.</summary>
            public const string ChannelName = {{Literal(channel.Name)}};

            /// <summary>Largest transfer of one descriptor, in bytes.</summary>
            public const int Mtu = {{Hexadecimal(channel.Mtu)}};

            private {{channel.ClassName}}(global::Mhi.Channels.ChannelConnection connection)
                : base(connection)
            {
            }

            /// <summary>Name of the channel's node in <c>/dev</c>.</summary>
            /// <param name="controllerName">Name of the controller, such as <c>0000:01:00.0</c>.</param>
            /// <returns>The name, such as <c>mhi_0000:01:00.0_{{Documentation(channel.Name)}}</c>.</returns>
            public static string NodeName(string controllerName) =>
                global::Mhi.Channels.DeviceNodeName.For(controllerName, ChannelName);

            /// <summary>Opens the channel and blocks until it runs. Another thread must be polling the controller.</summary>
            /// <param name="controller">A controller in mission mode.</param>
            /// <param name="timeout">Longest wait; zero waits as long as the controller's command time-out allows.</param>
            /// <returns>The open channel. Whoever opened it disposes it.</returns>
            /// <exception cref="global::Mhi.MhiException">The channel cannot be opened; the message says why.</exception>
            /// <exception cref="global::System.TimeoutException">The time is over. The channel is not open.</exception>
            public static {{channel.ClassName}} Open(
                global::Mhi.Controller.MhiController controller,
                global::System.TimeSpan timeout = default) =>
                new(global::Mhi.Channels.ChannelConnection.Open<Definition>(controller, timeout));

            /// <summary>Opens the channel.</summary>
            /// <param name="controller">A controller in mission mode; somebody must be polling it.</param>
            /// <param name="cancellationToken">Gives up; the channel is not open then.</param>
            /// <returns>Completes with the open channel. Whoever opened it disposes it.</returns>
            /// <exception cref="global::Mhi.MhiException">The channel cannot be opened; the message says why.</exception>
            public static async global::System.Threading.Tasks.Task<{{channel.ClassName}}> OpenAsync(
                global::Mhi.Controller.MhiController controller,
                global::System.Threading.CancellationToken cancellationToken = default) =>
                new(await global::Mhi.Channels.ChannelConnection
                    .OpenAsync<Definition>(controller, cancellationToken)
                    .ConfigureAwait(false));

            /// <summary>Opens the channel's node, shared with every other client of it. Blocks while the channel starts.</summary>
            /// <param name="host">The host that publishes the channel.</param>
            /// <param name="controllerName">Name of the controller, such as <c>0000:01:00.0</c>.</param>
            /// <param name="options">How; null takes the defaults.</param>
            /// <returns>A handle. Whoever opened it disposes it.</returns>
            /// <exception cref="global::Mhi.Uci.UciNodeNotFoundException">The host has no such node.</exception>
            /// <exception cref="global::Mhi.Uci.UciIOException">The channel could not be started; the message says why.</exception>
            public static global::Mhi.Uci.UciHandle OpenShared(
                global::Mhi.Uci.UciHost host,
                string controllerName,
                global::Mhi.Uci.UciOpenOptions? options = null) =>
                host.Open(NodeName(controllerName), options);

            /// <summary>Opens the channel's node, shared with every other client of it.</summary>
            /// <param name="host">The host that publishes the channel.</param>
            /// <param name="controllerName">Name of the controller, such as <c>0000:01:00.0</c>.</param>
            /// <param name="options">How; null takes the defaults.</param>
            /// <param name="cancellationToken">Gives up.</param>
            /// <returns>Completes with a handle; fails as <see cref="OpenShared"/> does.</returns>
            public static global::System.Threading.Tasks.Task<global::Mhi.Uci.UciHandle> OpenSharedAsync(
                global::Mhi.Uci.UciHost host,
                string controllerName,
                global::Mhi.Uci.UciOpenOptions? options = null,
                global::System.Threading.CancellationToken cancellationToken = default) =>
                host.OpenAsync(NodeName(controllerName), options, cancellationToken);

            /// <summary>The table's entry as constants, for code that is generic over channels.</summary>
            public readonly struct Definition : global::Mhi.Channels.IChannelDefinition
            {
                /// <inheritdoc/>
                public static string Name => ChannelName;

                /// <inheritdoc/>
                public static int Mtu => {{channel.ClassName}}.Mtu;

                /// <inheritdoc/>
                public static global::Mhi.Channels.ChannelDirections Directions => {{Expression(channel.Directions)}};

                /// <inheritdoc/>
                public static int PoolDepth => {{Decimal(channel.PoolDepth)}};

                /// <inheritdoc/>
                public static bool DeliverEmptyPackets => {{Literal(channel.DeliverEmptyPackets)}};

                /// <inheritdoc/>
                public static global::Mhi.Channels.WritePolicy WritePolicy => {{Expression(channel.WritePolicy)}};
            }
        }

        """);

    private static string Summary(ChannelModel channel)
    {
        string name = $"The MHI channel {Documentation(channel.Name)}";
        string description = Documentation(channel.Description);
        return description.Length == 0 ? name + "." : $"{name}: {description}";
    }

    private static string BaseType(ChannelModel channel)
    {
        string kind = channel.Directions switch
        {
            ChannelDirections.Uplink => "MhiUplinkChannel",
            ChannelDirections.Downlink => "MhiDownlinkChannel",
            _ => "MhiDuplexChannel",
        };
        return $"global::Mhi.Channels.{kind}<{channel.FullName}.Definition>";
    }

    private static string DirectionsInWords(ChannelDirections directions) => directions switch
    {
        ChannelDirections.Uplink => "uplink only (host to device)",
        ChannelDirections.Downlink => "downlink only (device to host)",
        _ => "uplink (host to device) and downlink (device to host)",
    };

    private static string PoolDepthInWords(int depth) => depth switch
    {
        0 => "as many buffers as the transfer ring has usable descriptors",
        1 => "1 buffer per direction",
        _ => $"{Decimal(depth)} buffers per direction",
    };

    /// <summary>Lines for what differs from the usual behaviour, each with its line end.</summary>
    private static string Tuning(ChannelModel channel)
    {
        string lines = string.Empty;
        if (channel.DeliverEmptyPackets)
        {
            lines += "/// <item><description>Empty packets are delivered to the reader.</description></item>\n";
        }

        if (channel.WritePolicy == WritePolicy.Eager)
        {
            lines += "/// <item><description>A long write uses free descriptors at once and may become several packets."
                + "</description></item>\n";
        }

        return lines;
    }
}
