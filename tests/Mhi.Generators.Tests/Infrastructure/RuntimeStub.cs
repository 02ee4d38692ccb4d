namespace Mhi.Generators.Tests.Infrastructure;

/// <summary>The part of the runtime's surface that generated classes name.</summary>
internal static class RuntimeStub
{
    public const string Source =
        """
        #nullable enable
        #pragma warning disable CS1591
        namespace Mhi.Controller
        {
            public sealed class MhiController { }
        }

        namespace Mhi.Channels
        {
            public sealed class ChannelConnection
            {
                public static ChannelConnection Open<T>(Mhi.Controller.MhiController controller, System.TimeSpan timeout) where T : struct, IChannelDefinition => new();
                public static System.Threading.Tasks.Task<ChannelConnection> OpenAsync<T>(Mhi.Controller.MhiController controller, System.Threading.CancellationToken cancellationToken) where T : struct, IChannelDefinition => System.Threading.Tasks.Task.FromResult(new ChannelConnection());
            }

            public abstract class MhiDuplexChannel<T> where T : struct, IChannelDefinition { protected MhiDuplexChannel(ChannelConnection connection) { } }
            public abstract class MhiUplinkChannel<T> where T : struct, IChannelDefinition { protected MhiUplinkChannel(ChannelConnection connection) { } }
            public abstract class MhiDownlinkChannel<T> where T : struct, IChannelDefinition { protected MhiDownlinkChannel(ChannelConnection connection) { } }
        }
        """;
}
