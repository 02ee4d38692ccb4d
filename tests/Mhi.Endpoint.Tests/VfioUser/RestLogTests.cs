using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using Mhi.Endpoint.Logging;
using Mhi.Endpoint.Tests.Infrastructure;
using Mhi.Endpoint.Tests.VfioUser.Infrastructure;
using Mhi.Endpoint.VfioUser;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

public sealed class RestLogTests
{
    [Fact]
    public void RestAndWake_AreWrittenDownStepByStep()
    {
        var clock = new ManualClock();
        using var stream = new MemoryStream();
        using var log = new ProtocolLog(stream, clock);
        var options = new VfioUserDeviceOptions
        {
            Log = log,
            TimeProvider = clock,
            Endpoint = new EndpointOptions { IdleTime = TimeSpan.FromMilliseconds(50) },
        };
        using (var served = new ServedDevice(options))
        using (VfioUserClient client = served.Attach())
        using (var host = new VfioUserHost(client, Sharing.Whole))
        {
            host.PowerUp();

            // Again and again: the device counts from its last step, which may still be to come.
            client.ServeUntil(() =>
            {
                clock.Advance(10);
                return client.ReadRegister(MhiRegisters.Status) == 0x301;
            });

            // The interrupt of the event ring has its moderation time, by the same clock.
            AssertEvents.Equal(host.TakeEvents(1, () => clock.Advance(1))[..1], RingElement.StateEvent(MhiState.M1));
            client.WriteRegister(MhiRegisters.Control, (uint)MhiState.M2 << MhiRegisters.StateShift);
            client.ServeUntil(() => client.ReadRegister(MhiRegisters.Status) == 0x401);
            host.WritePair(TestHost.ChannelDoorbells + (Doorbell.DeviceWake * 8), 1);
            AssertEvents.Equal(host.TakeEvents(1, () => clock.Advance(1))[..1], RingElement.StateEvent(MhiState.M0));
        }

        string[] steps =
        [
            .. Encoding.UTF8.GetString(stream.ToArray())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Select(line => line.GetProperty("ev").GetString() switch
                {
                    "mhi.state" => "is " + line.GetProperty("state").GetString(),
                    "mhi.host_state" => "asked for " + line.GetProperty("want").GetString(),
                    "mhi.event" => "says " + line.GetProperty("what").GetString(),
                    _ => "",
                })
                .SkipWhile(step => step != "is M1")
                .Where(step => step.Length != 0),
        ];
        Assert.Equal(["is M1", "says state:M1", "asked for M2", "is M2", "is M0", "says state:M0"], steps[..6]);
    }
}
