using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;

namespace Mhi.Endpoint.VfioUser;

/// <summary>A file of guest memory, mapped once however many ranges lie in it.</summary>
/// <param name="identity">Which file.</param>
/// <param name="memory">The mapping.</param>
/// <param name="isWritable">Whether it can be written.</param>
internal sealed class GuestFile(FileIdentity identity, MappedMemory memory, bool isWritable)
{
    internal FileIdentity Identity => identity;

    internal MappedMemory Memory => memory;

    internal bool IsWritable => isWritable;

    /// <summary>Ranges that use the mapping.</summary>
    internal int Ranges { get; set; }
}
