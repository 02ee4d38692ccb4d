using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A started host over one device of which the test controls every answer, and what its tests share.</summary>
internal sealed class OpenBed : IDisposable
{
    /// <summary>Channel numbers of LOOPBACK.</summary>
    public const byte Uplink = 0;

    public const byte Downlink = 1;

    private readonly PromptHost _prompt;

    public OpenBed(
        UciTableEntry? entry = null,
        TimeSpan? linger = null,
        DeviceProfile? profile = null,
        MhiControllerOptions? options = null,
        IUciHostObserver? observer = null)
    {
        _prompt = new PromptHost(profile: profile, options: options);
        var hostOptions = new UciHostOptions
        {
            Table = entry is null ? UciTable.Default : new UciTable([entry]),
            Observer = observer,
        };
        Host = new UciHost(linger is { } time ? hostOptions with { Linger = time } : hostOptions);
        Host.Attach(Controller);
        Host.Start();
        Node = Host.Nodes.Single();
    }

    public HeldDevice Device => _prompt.Device;

    public MhiController Controller => _prompt.Controller;

    public UciHost Host { get; }

    /// <summary>The node published first.</summary>
    public UciNode Node { get; }

    /// <summary>Channels whose memory, buffers and all, is not freed.</summary>
    public int LiveChannels => _prompt.LiveChannels;

    public UciHandle Open(UciOpenOptions? options = null, CancellationToken cancellationToken = default) =>
        Host.Open(Node.Name, options, cancellationToken);

    /// <summary>Runs something that may block, on a thread of its own.</summary>
    public static Task<T> OnThread<T>(Func<T> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Runs something that may block, on a thread of its own.</summary>
    public static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for something that happens by itself; yields, but never sleeps past the moment.</summary>
    public static void WaitUntil(Func<bool> condition, string what)
    {
        long started = Stopwatch.GetTimestamp();
        var spinner = default(SpinWait);
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < UciBed.Long, $"never: {what}");
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>A handle that is the only reader sends three bytes and gets them back.</summary>
    /// <remarks>The calls have no time-out: a wait that ends by one looks once more, and finds what nobody woke it for.</remarks>
    public static void AssertEchoes(UciHandle handle)
    {
        byte[] buffer = new byte[10];
        Task echo = OnThread(() =>
        {
            Assert.Equal(3, handle.Write([7, 8, 9]));
            Assert.Equal(3, handle.Read(buffer));
        });
        WaitUntil(() => echo.IsCompleted, "the echo");
        echo.GetAwaiter().GetResult();
        Assert.Equal([7, 8, 9], buffer[..3]);
    }

    /// <summary>A family that has LOOPBACK in the directions said.</summary>
    public static DeviceProfile OneWay(ChannelDirections directions) => TestProfile.Of(4, 4, directions);

    /// <summary>Lets the controller do everything that was asked of it before.</summary>
    public Task SettleRequestsAsync() => Controller.ResumeAsync();

    /// <summary>Disposes the controller while its nodes are in use.</summary>
    public void EndController() => _prompt.EndController();

    public void Dispose()
    {
        Host.Dispose();
        _prompt.Dispose();
    }
}
