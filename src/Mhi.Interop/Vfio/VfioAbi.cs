namespace Mhi.Interop.Vfio;

/// <summary>Numbers of the kernel's VFIO and iommufd interfaces; the same on every architecture.</summary>
internal static partial class VfioAbi
{
    // Requests of a container.
    internal const nuint GetApiVersion = 0x3b64;
    internal const nuint CheckExtension = 0x3b65;
    internal const nuint SetIommu = 0x3b66;
    internal const nuint IommuGetInfo = 0x3b70;
    internal const nuint IommuMapDma = 0x3b71;
    internal const nuint IommuUnmapDma = 0x3b72;

    // Requests of a group.
    internal const nuint GroupGetStatus = 0x3b67;
    internal const nuint GroupSetContainer = 0x3b68;
    internal const nuint GroupGetDeviceFd = 0x3b6a;

    // Requests of a device.
    internal const nuint DeviceGetInfo = 0x3b6b;
    internal const nuint DeviceGetRegionInfo = 0x3b6c;
    internal const nuint DeviceGetIrqInfo = 0x3b6d;
    internal const nuint DeviceSetIrqs = 0x3b6e;
    internal const nuint DeviceReset = 0x3b6f;
    internal const nuint DeviceBindIommufd = 0x3b76;
    internal const nuint DeviceAttachIommufdPt = 0x3b77;

    // Requests of an iommufd.
    internal const nuint IoasAlloc = 0x3b81;
    internal const nuint IoasIovaRanges = 0x3b84;
    internal const nuint IoasMap = 0x3b85;
    internal const nuint IoasUnmap = 0x3b86;

    internal const int Type1V2Iommu = 3;
    internal const int DmaCoherent = 4;

    internal const uint GroupIsViable = 1;
    internal const uint DeviceCanReset = 1;
    internal const uint DeviceIsPci = 2;

    internal const uint RegionCanRead = 1;
    internal const uint RegionCanWrite = 2;
    internal const uint RegionCanMap = 4;
    internal const uint RegionHasCapabilities = 8;
    internal const ushort SparseMapCapability = 1;

    internal const uint IommuHasPageSizes = 1;
    internal const uint IommuHasCapabilities = 2;
    internal const ushort IovaRangesCapability = 1;

    internal const uint IrqSignalsEventFd = 1;
    internal const uint IrqSetNothing = 0x21;
    internal const uint IrqSetEventFds = 0x24;

    internal const uint MapReadWrite = 3;
    internal const uint IoasMapFixed = 1;
    internal const uint IoasMapReadWrite = 6;
}
