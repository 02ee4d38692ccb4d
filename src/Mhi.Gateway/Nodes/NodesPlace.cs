namespace Mhi.Gateway.Nodes;

/// <summary>Where device nodes are made.</summary>
internal enum NodesPlace
{
    /// <summary>In <c>/dev</c> where the kernel offers it, otherwise in the directory.</summary>
    Best,

    /// <summary>As character devices in <c>/dev</c>, with CUSE.</summary>
    Devices,

    /// <summary>As files in a directory, with FUSE.</summary>
    Directory,
}
