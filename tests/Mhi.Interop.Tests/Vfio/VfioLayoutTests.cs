using System;
using System.Globalization;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;
using Mhi.Interop.Vfio;
using Xunit;

namespace Mhi.Interop.Tests.Vfio;

/// <summary>Each structure, byte by byte, as the kernel's headers lay it out.</summary>
public class VfioLayoutTests
{
    [Fact]
    public void GroupStatus_HasEightBytes() =>
        AssertBytes("01000000 02000000", new VfioAbi.GroupStatus { ArgumentSize = 1, Flags = 2 });

    [Fact]
    public void DeviceInfo_HasTwentyBytes() =>
        AssertBytes("01000000 02000000 03000000 04000000 00000000", new VfioAbi.DeviceInfo { ArgumentSize = 1, Flags = 2, Regions = 3, Irqs = 4 });

    [Fact]
    public void RegionInfo_HasThirtyTwoBytes() => AssertBytes(
        "01000000 02000000 03000000 04000000 0500000000000080 0600000000000070",
        new VfioAbi.RegionInfo { ArgumentSize = 1, Flags = 2, Index = 3, Capabilities = 4, Size = 0x8000_0000_0000_0005, Offset = 0x7000_0000_0000_0006 });

    [Fact]
    public void IrqInfo_HasSixteenBytes() =>
        AssertBytes("01000000 02000000 03000000 04000000", new VfioAbi.IrqInfo { ArgumentSize = 1, Flags = 2, Index = 3, Count = 4 });

    [Fact]
    public void IrqSet_HasTwentyBytes_AndItsDescriptorsFollow() => AssertBytes(
        "01000000 02000000 03000000 04000000 05000000",
        new VfioAbi.IrqSet { ArgumentSize = 1, Flags = 2, Index = 3, Start = 4, Count = 5 });

    [Fact]
    public void BindIommufd_HasSixteenBytes() =>
        AssertBytes("01000000 02000000 03000000 04000000", new VfioAbi.BindIommufd { ArgumentSize = 1, Flags = 2, Iommufd = 3, DeviceId = 4 });

    [Fact]
    public void AttachIommufd_HasTwelveBytes() =>
        AssertBytes("01000000 02000000 03000000", new VfioAbi.AttachIommufd { ArgumentSize = 1, Flags = 2, AddressSpace = 3 });

    [Fact]
    public void IommuInfo_HasTwentyFourBytes() => AssertBytes(
        "01000000 02000000 0300000000000080 04000000 00000000",
        new VfioAbi.IommuInfo { ArgumentSize = 1, Flags = 2, PageSizes = 0x8000_0000_0000_0003, Capabilities = 4 });

    [Fact]
    public void DmaMap_HasThirtyTwoBytes() => AssertBytes(
        "01000000 02000000 0300000000000080 0400000000000070 0500000000000060",
        new VfioAbi.DmaMap
        {
            ArgumentSize = 1,
            Flags = 2,
            HostAddress = 0x8000_0000_0000_0003,
            BusAddress = 0x7000_0000_0000_0004,
            Size = 0x6000_0000_0000_0005,
        });

    [Fact]
    public void DmaUnmap_HasTwentyFourBytes() => AssertBytes(
        "01000000 02000000 0300000000000080 0400000000000070",
        new VfioAbi.DmaUnmap { ArgumentSize = 1, Flags = 2, BusAddress = 0x8000_0000_0000_0003, Size = 0x7000_0000_0000_0004 });

    [Fact]
    public void AddressSpaceAlloc_HasTwelveBytes() =>
        AssertBytes("01000000 02000000 03000000", new VfioAbi.AddressSpaceAlloc { Size = 1, Flags = 2, Id = 3 });

    [Fact]
    public void AddressSpaceRanges_HasThirtyTwoBytes() => AssertBytes(
        "01000000 02000000 03000000 00000000 0400000000000080 0500000000000070",
        new VfioAbi.AddressSpaceRanges { Size = 1, Id = 2, Count = 3, Ranges = 0x8000_0000_0000_0004, Alignment = 0x7000_0000_0000_0005 });

    [Fact]
    public void AddressSpaceMap_HasFortyBytes() => AssertBytes(
        "01000000 02000000 03000000 00000000 0400000000000080 0500000000000070 0600000000000060",
        new VfioAbi.AddressSpaceMap
        {
            Size = 1,
            Flags = 2,
            Id = 3,
            HostAddress = 0x8000_0000_0000_0004,
            Length = 0x7000_0000_0000_0005,
            BusAddress = 0x6000_0000_0000_0006,
        });

    [Fact]
    public void AddressSpaceUnmap_HasTwentyFourBytes() => AssertBytes(
        "01000000 02000000 0300000000000080 0400000000000070",
        new VfioAbi.AddressSpaceUnmap { Size = 1, Id = 2, BusAddress = 0x8000_0000_0000_0003, Length = 0x7000_0000_0000_0004 });

    [Fact]
    public void AllowedRange_HasSixteenBytes_AsTheKernelFillsThem() =>
        AssertBytes("0100000000000080 0200000000000070", new IovaRange(0x8000_0000_0000_0001, 0x7000_0000_0000_0002));

    [Fact]
    public void Limit_HasSixteenBytes() =>
        AssertBytes("0100000000000000 0200000000000000", new Libc.Limit { Soft = 1, Hard = 2 });

    private static void AssertBytes<T>(string hexadecimal, T value)
        where T : unmanaged => Assert.Equal(
            hexadecimal.Replace(" ", "", StringComparison.Ordinal),
            Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value))).ToLower(CultureInfo.InvariantCulture));
}
