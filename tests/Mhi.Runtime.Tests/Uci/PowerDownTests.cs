using System;
using System.Threading.Tasks;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>A controller that is powered down or disposed takes its nodes along, as a device does that leaves.</summary>
public class PowerDownTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [UciClause(26, "An open that races removal says ENODEV, or returns a handle whose operations do; never EIO, never a hang.")]
    public async Task UCI_026_OpenUnderWayAtPowerDown(bool isDisposed)
    {
        using var bed = new OpenBed();
        bed.Device.Answers = static (_, _) => CommandAnswer.Stall;
        Task<UciHandle> starting = bed.Node.OpenAsync();
        Task<UciHandle> waiting = bed.Node.OpenAsync();
        OpenBed.WaitUntil(() => bed.Device.StalledCommands == 1, "START");
        await EndAsync(bed, isDisposed);
        foreach (Task<UciHandle> opening in new[] { starting, waiting })
        {
            var exception = await Assert.ThrowsAsync<UciNodeNotFoundException>(() => opening.WaitAsync(UciBed.Soon));
            Assert.Equal(UciErrno.NoDevice, exception.ErrorCode);
        }

        // Found by name or not any more: the answer is the same.
        Assert.Throws<UciNodeNotFoundException>(() => bed.Host.Open(bed.Node.Name));
        Assert.Throws<UciNodeNotFoundException>(() => bed.Node.Open());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PowerDown_EndsWhatIsBlocked_WithENODEV(bool isDisposed)
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        bed.Device.Echoes = false;
        using UciHandle handle = bed.Open();
        while (handle.TrySend([1], out _) == UciStatus.Done)
        {
        }

        Task<int> reading = OpenBed.OnThread(() => handle.Read(new byte[1]));
        Task<int> writing = OpenBed.OnThread(() => handle.Write([1]));
        OpenBed.WaitUntil(() => bed.Node.Counters.Waiters == 2, "both block");
        await EndAsync(bed, isDisposed);
        _ = await Assert.ThrowsAsync<UciDeviceRemovedException>(() => reading.WaitAsync(UciBed.Soon));
        _ = await Assert.ThrowsAsync<UciDeviceRemovedException>(() => writing.WaitAsync(UciBed.Soon));
        Assert.Equal(UciPollEvents.Error | UciPollEvents.HangUp, handle.Poll());
        OpenBed.WaitUntil(() => bed.Host.Nodes.Count == 0, "the node is withdrawn");
    }

    [Fact]
    public async Task PowerUp_AfterPowerDown_PublishesANewNode()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        using UciHandle old = bed.Open();
        await bed.Controller.PowerDownAsync();
        OpenBed.WaitUntil(() => bed.Host.Nodes.Count == 0, "the node is withdrawn");
        await bed.Controller.PowerUpAsync();
        OpenBed.WaitUntil(() => bed.Host.Nodes.Count == 1, "a new node is published");
        Assert.True(bed.Host.Nodes[0].Generation > bed.Node.Generation);
        using UciHandle handle = bed.Host.Open(bed.Node.Name);
        OpenBed.AssertEchoes(handle);
        Assert.Throws<UciDeviceRemovedException>(() => old.Write([1]));
    }

    private static async Task EndAsync(OpenBed bed, bool isDisposed)
    {
        if (isDisposed)
        {
            bed.EndController();
        }
        else
        {
            await bed.Controller.PowerDownAsync();
        }
    }
}
