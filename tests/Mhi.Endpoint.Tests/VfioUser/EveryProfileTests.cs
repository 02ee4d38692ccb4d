using System;
using System.Linq;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Endpoint.Tests.VfioUser.Infrastructure;
using Mhi.Pci.VfioUser;
using Mhi.Profiles;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

/// <summary>Every device family there is, over messages, driven by the project's own host.</summary>
public sealed class EveryProfileTests
{
    public static TheoryData<string> Ids => [.. KnownProfiles.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Profile_ReachesMissionMode_AndItsFirstPairCarriesAPacket(string id)
    {
        Assert.True(KnownProfiles.TryFind(id, out DeviceProfile? profile));
        using var served = new ServedDevice(profile: profile);
        var function = VfioUserFunction.Open(served.ConnectSocket(), id, profile);
        Assert.Equal(profile.Identity, function.Identity);
        using var controller = MhiController.Create(function, profile);

        Run(controller, controller.PowerUpAsync());

        Assert.Equal(MhiControllerState.MissionMode, controller.State);
        Assert.Equal(MhiState.M0, served.Device.Endpoint.State);
        switch (FirstPair(profile))
        {
            case "LOOPBACK":
                AssertCarries<Loopback>(controller, echoes: true);
                break;
            case "DIAG":
                AssertCarries<Diagnostics>(controller, echoes: true);
                break;
            case "QMI":
                AssertCarries<Qmi>(controller, echoes: false);
                break;
            case "NMEA":
                AssertCarries<Nmea>(controller, echoes: false);
                break;
            case "IP_SW0":
                AssertCarries<SoftwareData>(controller, echoes: false);
                break;
            case var other:
                Assert.Fail($"The first pair of {id} is {other}, which this test does not know yet.");
                break;
        }

        Run(controller, controller.PowerDownAsync());
        Assert.Equal(MhiState.Ready, served.Device.Endpoint.State);
        Assert.All(Enum.GetValues<HostViolation>(), violation => Assert.Equal(0, served.Device.Endpoint.CountOf(violation)));
        Assert.Null(served.Device.Fault);
    }

    private static string? FirstPair(DeviceProfile profile) => profile.Channels
        .Where(channel => channel.Environment == ExecutionEnvironment.Amss)
        .GroupBy(channel => channel.Name)
        .FirstOrDefault(pair => pair.Count() == 2)?.Key;

    private static void AssertCarries<TDefinition>(MhiController controller, bool echoes)
        where TDefinition : struct, IChannelDefinition
    {
        Task<ChannelConnection> opening = ChannelConnection.OpenAsync<TDefinition>(controller);
        Run(controller, opening);
        MhiDuplexChannel<TDefinition> channel = opening.Result.AsDuplex<TDefinition>();
        byte[] packet = [1, 2, 3, 4, 5];
        Run(controller, channel.WriteAsync(packet).AsTask());
        if (echoes)
        {
            byte[] answer = new byte[16];
            Task<int> reading = channel.ReadAsync(answer).AsTask();
            Run(controller, reading);
            Assert.Equal(packet, answer[..reading.Result]);
        }

        Run(controller, channel.CloseAsync(TimeSpan.Zero));
    }

    private static void Run(MhiController controller, Task task)
    {
        long limit = Environment.TickCount64 + 30_000;
        while (!task.IsCompleted)
        {
            Assert.True(Environment.TickCount64 < limit, "The task does not end.");
            if (controller.Poll() == 0)
            {
                // The device works on threads of its own; what it has done shows at the next poll.
                _ = Task.WaitAny([task], 1);
            }
        }

        task.GetAwaiter().GetResult();
    }

    private readonly struct Loopback : IChannelDefinition
    {
        public static string Name => "LOOPBACK";

        public static int Mtu => 4096;

        public static ChannelDirections Directions => ChannelDirections.Both;

        public static int PoolDepth => 0;

        public static bool DeliverEmptyPackets => false;

        public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
    }

    private readonly struct Diagnostics : IChannelDefinition
    {
        public static string Name => "DIAG";

        public static int Mtu => 4096;

        public static ChannelDirections Directions => ChannelDirections.Both;

        public static int PoolDepth => 0;

        public static bool DeliverEmptyPackets => false;

        public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
    }

    private readonly struct Qmi : IChannelDefinition
    {
        public static string Name => "QMI";

        public static int Mtu => 4096;

        public static ChannelDirections Directions => ChannelDirections.Both;

        public static int PoolDepth => 0;

        public static bool DeliverEmptyPackets => false;

        public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
    }

    private readonly struct Nmea : IChannelDefinition
    {
        public static string Name => "NMEA";

        public static int Mtu => 4096;

        public static ChannelDirections Directions => ChannelDirections.Both;

        public static int PoolDepth => 0;

        public static bool DeliverEmptyPackets => false;

        public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
    }

    private readonly struct SoftwareData : IChannelDefinition
    {
        public static string Name => "IP_SW0";

        public static int Mtu => 4096;

        public static ChannelDirections Directions => ChannelDirections.Both;

        public static int PoolDepth => 0;

        public static bool DeliverEmptyPackets => false;

        public static WritePolicy WritePolicy => WritePolicy.WholeMessage;
    }
}
