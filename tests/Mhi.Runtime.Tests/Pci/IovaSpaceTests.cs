using System.Linq;
using Mhi.Interop.Vfio;
using Mhi.Pci;
using Xunit;

namespace Mhi.Runtime.Tests.Pci;

public class IovaSpaceTests
{
    [Fact]
    public void Windows_BehindAnIommu_LeaveOutTheFirstMegabyteAndTheInterruptWindow()
    {
        var space = new IovaSpace(48, [new IovaRange(0, 0xffff_ffff_ffff)]);

        Assert.Equal([new IovaRange(0x10_0000, 0xfedf_ffff), new IovaRange(0xfef0_0000, 0xffff_ffff_ffff)], space.Windows.ToArray());
    }

    [Fact]
    public void Windows_AreCutToTheWidthOfTheDevice()
    {
        var space = new IovaSpace(32, [new IovaRange(0, 0xfedf_ffff), new IovaRange(0xfef0_0000, 0xffff_ffff_ffff)]);

        Assert.Equal([new IovaRange(0x10_0000, 0xfedf_ffff), new IovaRange(0xfef0_0000, 0xffff_ffff)], space.Windows.ToArray());
    }

    [Fact]
    public void Windows_WhenTheIommuSaysNothing_AreTheWidthOfTheDevice()
    {
        var space = new IovaSpace(64, []);

        Assert.Equal([new IovaRange(0x10_0000, 0xfedf_ffff), new IovaRange(0xfef0_0000, ulong.MaxValue)], space.Windows.ToArray());
    }

    [Fact]
    public void TryTake_WhenNothingIsAllowed_Refuses()
    {
        var space = new IovaSpace(28, [new IovaRange(0x8000_0000, 0xffff_ffff)]);

        Assert.Empty(space.Windows);
        Assert.False(space.TryTake(4096, 4096, out _));
    }

    [Fact]
    public void TryTake_WhenTheFirstWindowIsFull_GoesOnInTheNext()
    {
        var space = new IovaSpace(36, [new IovaRange(0, 0x3f_ffff), new IovaRange(0x1_0000_0000, 0x1_ffff_ffff)]);

        Assert.True(space.TryTake(0x10_0000, 0x10_0000, out ulong first));
        Assert.True(space.TryTake(0x20_0000, 0x20_0000, out ulong second));

        Assert.InRange(first, 0x10_0000UL, 0x2f_ffffUL);
        Assert.Equal(0x1_0020_0000UL, second);
    }

    [Fact]
    public void TryTake_AfterReturn_UsesTheAddressAgainLast()
    {
        var space = new IovaSpace(20);
        Assert.True(space.TryTake(0x1000, 0x1000, out ulong first));
        space.Return(first);

        Assert.True(space.TryTake(0x1000, 0x1000, out ulong second));

        Assert.NotEqual(first, second);
    }
}
