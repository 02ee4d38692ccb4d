using System;
using System.Collections.Generic;
using FsCheck.Xunit;
using Mhi.Interop.Vfio;
using Mhi.Pci;
using Xunit;

namespace Mhi.Runtime.Tests.Pci;

public class IovaSpacePropertyTests
{
    [Property(MaxTest = 300)]
    public void TryTake_HandsOutAlignedRangesInsideWindowsThatNeverMeet(int seed)
    {
        var random = new Random(seed);
        int bits = random.Next(24, 65);
        ulong hole = 0x10_0000UL << random.Next(1, 12);
        var space = new IovaSpace(bits, [new IovaRange(0, hole - 1), new IovaRange(hole + 0x20_0000, ulong.MaxValue)]);
        List<(ulong Start, ulong Length)> taken = [];
        for (int i = 0; i < 60; i++)
        {
            if (taken.Count != 0 && random.Next(3) == 0)
            {
                int given = random.Next(taken.Count);
                space.Return(taken[given].Start);
                taken.RemoveAt(given);
                continue;
            }

            ulong length = 4096UL << random.Next(0, 12);
            ulong alignment = 4096UL << random.Next(0, 10);
            if (!space.TryTake(length, alignment, out ulong start))
            {
                continue;
            }

            ulong last = start + (length - 1);
            Assert.Equal(0UL, start % alignment);
            Assert.True(start >= 0x10_0000);
            Assert.Contains(space.Windows, window => start >= window.Start && last <= window.Last);
            Assert.True(bits == 64 || last >> bits == 0);
            Assert.True(last < hole || start >= hole + 0x20_0000);
            Assert.True(last < 0xfee0_0000 || start > 0xfeef_ffff);
            Assert.DoesNotContain(taken, other => start <= other.Start + other.Length && other.Start <= start + length);
            taken.Add((start, length));
        }
    }
}
