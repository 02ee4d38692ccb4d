using System;
using System.Buffers.Binary;
using System.Linq;
using Mhi.Interop.Vfio;
using Xunit;

namespace Mhi.Interop.Tests.Vfio;

public class CapabilityChainTests
{
    private const int HeaderLength = 8;

    [Fact]
    public void TryFind_FollowsTheList()
    {
        byte[] answer = new byte[64];
        PutHeader(answer, 24, id: 2, next: 40);
        PutHeader(answer, 40, id: 1, next: 0);

        Assert.True(CapabilityChain.TryFind(answer, 24, 1, out ReadOnlySpan<byte> found));
        Assert.Equal(64 - 40, found.Length);
        Assert.True(CapabilityChain.TryFind(answer, 24, 2, out _));
        Assert.False(CapabilityChain.TryFind(answer, 24, 3, out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(57u)]
    [InlineData(64u)]
    [InlineData(uint.MaxValue)]
    public void TryFind_WhenTheListBeginsNowhere_FindsNothing(uint first)
    {
        byte[] answer = new byte[64];
        answer.AsSpan().Fill(1);

        Assert.False(CapabilityChain.TryFind(answer, first, 0x0101, out _));
    }

    [Fact]
    public void TryFind_WhenTheListRunsInACircle_Ends()
    {
        byte[] answer = new byte[64];
        PutHeader(answer, 24, id: 2, next: 40);
        PutHeader(answer, 40, id: 3, next: 24);

        Assert.False(CapabilityChain.TryFind(answer, 24, 1, out _));
    }

    [Fact]
    public void TryFind_InAnAnswerShorterThanAHeader_FindsNothing() =>
        Assert.False(CapabilityChain.TryFind(new byte[4], 1, 0, out _));

    [Fact]
    public void ReadPairs_ReadsAsManyAsTheCountSays()
    {
        byte[] capability = new byte[16 + (3 * 16)];
        BinaryPrimitives.WriteUInt32LittleEndian(capability.AsSpan(8), 2);
        for (int i = 0; i < 6; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(capability.AsSpan(16 + (8 * i)), (ulong)i);
        }

        Assert.Equal([(0UL, 1UL), (2UL, 3UL)], CapabilityChain.ReadPairs(capability).ToArray());
    }

    [Fact]
    public void ReadPairs_WhenTheCountIsTooLarge_ReadsWhatIsThere()
    {
        byte[] capability = new byte[16 + 16 + 15];
        BinaryPrimitives.WriteUInt32LittleEndian(capability.AsSpan(8), uint.MaxValue);

        Assert.Single(CapabilityChain.ReadPairs(capability));
        Assert.Empty(CapabilityChain.ReadPairs(capability.AsSpan(0, 12)));
    }

    [Fact]
    public void ParseRegion_WithoutCapabilities_CanBeMappedWhole()
    {
        VfioRegion region = VfioDevice.ParseRegion(Region(flags: 7, capabilities: 0, size: 0x1000, length: 32));

        Assert.Equal((2u, 0x1000UL, 0x200_0000_0000UL), (region.Index, region.Size, region.Offset));
        Assert.Equal([(0UL, 0x1000UL)], region.Areas.ToArray());
    }

    [Fact]
    public void ParseRegion_WithTheMsiXCapability_CanBeMappedWhole()
    {
        byte[] answer = Region(flags: 15, capabilities: 32, size: 0x1000, length: 32 + HeaderLength);
        PutHeader(answer, 32, id: 3, next: 0);

        Assert.Equal([(0UL, 0x1000UL)], VfioDevice.ParseRegion(answer).Areas.ToArray());
    }

    [Fact]
    public void ParseRegion_WithSparseAreas_CanBeMappedThere()
    {
        byte[] answer = Region(flags: 15, capabilities: 32, size: 0x4000, length: 32 + 16 + 32);
        PutHeader(answer, 32, id: 1, next: 0);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(40), 2);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(48), 0);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(56), 0x1000);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(64), 0x3000);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(72), 0x1000);

        Assert.Equal([(0UL, 0x1000UL), (0x3000UL, 0x1000UL)], VfioDevice.ParseRegion(answer).Areas.ToArray());
    }

    [Theory]
    [InlineData(3u, 0x1000UL)]
    [InlineData(5u, 0x1000UL)]
    [InlineData(6u, 0x1000UL)]
    [InlineData(7u, 0UL)]
    public void ParseRegion_ThatCannotBeReadWrittenAndMapped_HasNoAreas(uint flags, ulong size) =>
        Assert.Empty(VfioDevice.ParseRegion(Region(flags, 0, size, 32)).Areas);

    private static byte[] Region(uint flags, uint capabilities, ulong size, int length)
    {
        byte[] answer = new byte[length];
        BinaryPrimitives.WriteUInt32LittleEndian(answer, (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(4), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(12), capabilities);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(16), size);
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(24), 0x200_0000_0000);
        return answer;
    }

    private static void PutHeader(byte[] answer, int offset, ushort id, uint next)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(offset), id);
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(offset + 4), next);
    }
}
