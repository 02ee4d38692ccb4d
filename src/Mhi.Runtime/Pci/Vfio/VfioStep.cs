namespace Mhi.Pci.Vfio;

/// <summary>What was asked of the kernel when it refused.</summary>
internal enum VfioStep
{
    /// <summary>Open the container.</summary>
    OpenContainer,

    /// <summary>Open the IOMMU group.</summary>
    OpenGroup,

    /// <summary>Put the group into the container.</summary>
    AddGroup,

    /// <summary>Open <c>/dev/iommu</c>.</summary>
    OpenIommufd,

    /// <summary>Open the device's own node.</summary>
    OpenNode,

    /// <summary>Bind the device to the iommufd.</summary>
    Bind,

    /// <summary>Create the DMA address space.</summary>
    CreateAddressSpace,

    /// <summary>Have the group hand the device out.</summary>
    OpenDevice,

    /// <summary>Ask what the device has.</summary>
    Query,

    /// <summary>Map its registers.</summary>
    MapRegisters,

    /// <summary>Reset it.</summary>
    Reset,
}
