using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Controller;
using Mhi.Endpoint;
using Mhi.Endpoint.Functions;
using Mhi.Profiles;
using Mhi.Uci;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A host over an emulated device whose LOOPBACK does what the test says; device and controller run on threads.</summary>
internal sealed class UciBed : IDisposable
{
    /// <summary>
    /// The bound for "soon". The specification says half a second; on a machine that does other things as well only a hang is
    /// a failure, so it is longer unless MHI_UCI_BOUND_MS says otherwise (eng/endurance.sh strict).
    /// </summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(
        int.TryParse(Environment.GetEnvironmentVariable("MHI_UCI_BOUND_MS"), out int bound) ? bound : 10_000);

    /// <summary>What stands for "never hangs" where no bound is promised.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly EmulatedModem _modem;
    private readonly MhiEventLoop _loop;

    public UciBed(int elements = 4, UciTableEntry? entry = null, TimeSpan? linger = null, string name = "emu0")
    {
        Device = new BedFunction();
        DeviceProfile profile = Profile(elements);
        _modem = new EmulatedModem(profile, new Dictionary<string, ChannelFunction> { ["LOOPBACK"] = Device }, name);
        _modem.Start();
        Controller = MhiController.Create(_modem.Function, profile);
        _loop = MhiEventLoop.Start(Controller);
        Controller.PowerUp();
        Host = new UciHost(new UciHostOptions
        {
            Table = new UciTable([entry ?? new UciTableEntry("LOOPBACK", 0x1000)]),
            Linger = linger ?? TimeSpan.FromSeconds(1),
        });
        Host.Attach(Controller);
        Host.Start();
        Node = Host.Nodes.Single();
    }

    public BedFunction Device { get; }

    public MhiController Controller { get; }

    public UciHost Host { get; }

    /// <summary>The node published first.</summary>
    public UciNode Node { get; }

    /// <summary>The default profile with LOOPBACK rings of another size.</summary>
    public static DeviceProfile Profile(int elements) => KnownProfiles.FoxconnT99W175 with
    {
        Channels =
        [
            .. KnownProfiles.FoxconnT99W175.Channels.Select(
                channel => channel.Name == "LOOPBACK" ? channel with { Elements = elements } : channel),
        ],
    };

    public UciHandle Open(UciOpenOptions? options = null) => Host.Open(Node.Name, options);

    public void Dispose()
    {
        Host.Dispose();
        _loop.Dispose();
        Controller.Dispose();
        _modem.Dispose();
    }
}
