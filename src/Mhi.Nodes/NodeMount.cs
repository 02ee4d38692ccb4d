using System;
using System.IO;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes;

/// <summary>The mount of a server, told from what others have mounted at the same place before or since.</summary>
/// <param name="Path">Where it is, without symbolic links.</param>
/// <param name="Device">Number of its file system, as the kernel's list of mounts has it.</param>
public sealed record NodeMount(string Path, string Device)
{
    /// <summary>Looks at the mount that was just made.</summary>
    /// <param name="path">Where it is, without symbolic links.</param>
    /// <returns>The mount.</returns>
    /// <exception cref="NodeException">Something else is there now.</exception>
    internal static NodeMount At(string path)
    {
        using MountReference reference = MountReference.Open(path);
        return Mounts.Find(reference.MountId) is { IsOfNodes: true } entry
            ? new NodeMount(path, entry.Device)
            : throw new NodeException($"Something else was mounted at '{path}' at the same time.", Errno.Busy);
    }

    /// <summary>
    /// Takes the mount away if it is still there and its server has gone: from a process that outlives the server. Waits while
    /// a server that is being killed still answers.
    /// </summary>
    /// <returns>Whether it was taken away.</returns>
    public bool RemoveIfDead()
    {
        // Once its server has gone, the number may be another's, whose server lives; or is as dead.
        using MountReference? reference = Find();
        return reference is not null && MountFolder.IsDead(reference.Probe()) && reference.Detach() == 0;
    }

    /// <summary>Takes the mount away if it is still there; its server lives, so the number of the file system is no other's.</summary>
    internal void Remove()
    {
        using MountReference? reference = Find();
        _ = reference?.Detach();
    }

    private MountReference? Find()
    {
        MountReference? reference = null;
        try
        {
            reference = MountReference.Open(Path);
            if (Mounts.Find(reference.MountId) is { IsOfNodes: true } entry && entry.Device == Device)
            {
                MountReference found = reference;
                reference = null;
                return found;
            }
        }
        catch (Exception exception) when (exception is SystemCallException or IOException)
        {
            // The path has gone, and the mount with it.
        }
        finally
        {
            reference?.Dispose();
        }

        return null;
    }
}
