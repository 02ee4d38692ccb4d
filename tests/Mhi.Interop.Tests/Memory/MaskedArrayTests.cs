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
        Assert.False(array.Start(count).ContainsAnyExcept(0));
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(15u, 15)]
    [InlineData(16u, 0)]
    [InlineData(uint.MaxValue, 15)]
    public void Index_IsTakenModuloTheLength(uint index, int element)
    {
        var array = new MaskedArray<int>(16);

        array[index] = 7;

        Assert.Equal(7, array.Start(16)[element]);
    }

    [Theory]
    [InlineData(0u, 16)]
    [InlineData(15u, 1)]
    [InlineData(16u, 16)]
    [InlineData(uint.MaxValue, 1)]
    public void ToEnd_StopsWhereTheArrayWraps(uint index, int expected)
    {
        var array = new MaskedArray<int>(16);
        array[index] = 9;

        Span<int> run = array.ToEnd(index);

        Assert.Equal(expected, run.Length);
        Assert.Equal(9, run[0]);
    }

    [Fact]
    public void Start_LongerThanTheArray_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskedArray<int>(16).Start(17).Length);

    [Fact]
    public void Default_FaultsInsteadOfReadingSomewhere() =>
        Assert.Throws<NullReferenceException>(() => default(MaskedArray<int>)[0]);
}
