using System;
using Mhi.Interop.Memory;
using Xunit;

namespace Mhi.Interop.Tests.Memory;

public sealed class MaskedArrayTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    [InlineData(6)]
    public void Construct_WithANumberThatIsNoPowerOfTwo_IsRefused(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedArray<int>(count));

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Construct_GivesDefaultElements(int count)
    {
        var array = new MaskedArray<int>(count);

        Assert.Equal(count, array.Count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(0, array[(nuint)i]);
        }
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(15u, 15u)]
    [InlineData(16u, 0u)]
    [InlineData(uint.MaxValue, 15u)]
    public void Index_IsTakenModuloTheLength(uint index, uint element)
    {
        var array = new MaskedArray<int>(16);

        array[index] = 7;

        Assert.Equal(7, array[element]);
    }

    [Fact]
    public void Default_FaultsInsteadOfReadingSomewhere() =>
        Assert.Throws<NullReferenceException>(() => default(MaskedArray<int>)[0]);
}
