namespace Mhi.Pci.Vfio;

/// <summary>Which of the kernel's two interfaces of VFIO is used.</summary>
public enum VfioInterface
{
    /// <summary>The newer one where the kernel and the permissions allow it, else the older one.</summary>
    Any,

    /// <summary>The older one: containers and groups, <c>/dev/vfio/vfio</c> and <c>/dev/vfio/N</c>.</summary>
    Group,

    /// <summary>The newer one: <c>/dev/iommu</c> and <c>/dev/vfio/devices/vfioN</c>.</summary>
    Iommufd,
}
