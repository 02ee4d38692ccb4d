namespace Mhi.Endpoint.Tests.VfioUser.Infrastructure;

/// <summary>How a host's memory reaches the device.</summary>
public enum Sharing
{
    /// <summary>One descriptor for each piece of memory.</summary>
    Whole,

    /// <summary>Page by page, in no order, each page with a descriptor of its own: what an IOMMU makes of it.</summary>
    Pages,

    /// <summary>Not at all: the device asks for every access.</summary>
    Messages,
}
