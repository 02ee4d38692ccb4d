using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Controller;
using Mhi.Endpoint.Dma;
using Mhi.Endpoint.Registers;
using Mhi.Interop.Threading;
using Mhi.Pci;
using Mhi.Profiles;
using Xunit;

namespace Mhi.Endpoint.Tests;

public sealed class EmulatedFunctionTests
{
    [Fact]
    public void Function_HasTheIdentityAndVectorsOfItsProfile()
    {
        using EmulatedFunction function = Create(out _);

        Assert.Equal("emu7", function.Name);
        Assert.Equal("105b:e0ab", function.Identity.ToString());
        Assert.Equal(5, function.Vectors.Length);
    }

    [Fact]
    public void DmaRegions_AreAligned_InsideTheWidth_Apart_AndMapped()
    {
        using EmulatedFunction function = Create(out DmaTranslation memory);
        var regions = new List<DmaRegion>();
        foreach ((long length, long alignment) in new[] { (1L, 1L), (5000, 16), (4096, 1 << 20), (70000, 4096), (16, 65536) })
        {
            DmaRegion region = function.AllocateDma(length, alignment);
            Assert.Equal(0UL, region.BusAddress & ((ulong)alignment - 1));
            Assert.True(region.Length >= length);
            Assert.True(region.BusAddress + (ulong)region.Length <= 1UL << 32);
            regions.Add(region);
        }

        foreach (DmaRegion region in regions)
        {
            region.Memory.Slice(region.Length - 1, 1)[0] = 0x5a;
            byte[] last = new byte[1];
            Assert.True(memory.TryRead(region.BusAddress + (ulong)region.Length - 1, last));
            Assert.Equal(0x5a, last[0]);
            Assert.False(memory.TryRead(region.BusAddress + (ulong)region.Length, last));
            Assert.False(memory.TryRead(region.BusAddress - 1, last));
        }

        DmaRegion[] ordered = [.. regions.OrderBy(region => region.BusAddress)];
        for (int i = 1; i < ordered.Length; i++)
        {
            Assert.True(ordered[i].BusAddress - (ordered[i - 1].BusAddress + (ulong)ordered[i - 1].Length) >= 0x1_0000);
        }
    }

    [Fact]
    public void FreedRegion_IsUnmappedForTheDevice_AndItsAddressesCanBeUsedAgain()
    {
        // 1 MiB of addresses: they must come round again, but not at once.
        using EmulatedFunction function = Create(out DmaTranslation memory, addressBits: 20);
        ulong last = 0;
        for (int i = 0; i < 100; i++)
        {
            DmaRegion region = function.AllocateDma(65536, 4096);
            Assert.NotEqual(last, region.BusAddress);
            last = region.BusAddress;
            function.FreeDma(region);
            Assert.False(memory.TryRead(last, new byte[1]));
        }
    }

    [Fact]
    public void RegionOfAnotherFunction_OrFreedTwice_IsAnArgumentError()
    {
        using EmulatedFunction function = Create(out _);
        using EmulatedFunction other = Create(out _);
        DmaRegion region = function.AllocateDma(1, 1);

        Assert.Throws<ArgumentException>(() => other.FreeDma(region));
        function.FreeDma(region);
        Assert.Throws<ArgumentException>(() => function.FreeDma(region));
    }

    [Fact]
    public void NoBusAddressLeft_IsAClearError()
    {
        using EmulatedFunction function = Create(out _, addressBits: 20);
        MhiException? error = null;
        for (int i = 0; i < 100 && error is null; i++)
        {
            try
            {
                _ = function.AllocateDma(65536, 1);
            }
            catch (MhiException exception)
            {
                error = exception;
            }
        }

        Assert.NotNull(error);
        Assert.Equal(MhiErrorCode.OutOfMemory, error.Code);
        Assert.Contains("20-bit bus addresses", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    public void WrongLengthOrAlignment_IsAnArgumentError(long length, long alignment)
    {
        using EmulatedFunction function = Create(out _);

        Assert.Throws<ArgumentOutOfRangeException>(() => function.AllocateDma(length, alignment));
    }

    [Fact]
    public void Dispose_UnmapsEverything_AndMayBeRepeated()
    {
        EmulatedFunction function = Create(out DmaTranslation memory);
        _ = function.AllocateDma(1, 1);
        _ = function.AllocateDma(1, 1);

        function.Dispose();
        function.Dispose();

        Assert.Equal(0, memory.Count);
        Assert.Throws<ObjectDisposedException>(() => function.AllocateDma(1, 1));
    }

    private static EmulatedFunction Create(out DmaTranslation memory, int addressBits = 32)
    {
        memory = new DmaTranslation();
        DeviceProfile profile = KnownProfiles.FoxconnT99W175 with { DmaAddressBits = addressBits };
        return new EmulatedFunction(
            "emu7", profile, new EndpointRegisters(EndpointIdentity.Emulated, 128, 32, 4, new Parker()), memory);
    }
}
