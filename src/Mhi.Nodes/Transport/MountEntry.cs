namespace Mhi.Nodes.Transport;

/// <summary>A mount in the kernel's list.</summary>
/// <param name="Id">Its number, which is given to another one when it has gone.</param>
/// <param name="Device">Number of its file system as <c>major:minor</c>; nobody else has it while the file system lives.</param>
/// <param name="Type">Type of the file system.</param>
/// <param name="Source">What it was made from.</param>
internal readonly record struct MountEntry(int Id, string Device, string Type, string Source)
{
    internal const string NodesType = "fuse.mhi";
    internal const string NodesSource = "mhi";

    /// <summary>Whether a server of nodes has made it.</summary>
    internal bool IsOfNodes => Type == NodesType && Source == NodesSource;
}
