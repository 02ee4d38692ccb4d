using System;
using System.IO;
using Mhi.Interop;
using Mhi.Interop.Files;

namespace Mhi.Nodes.Transport;

/// <summary>The directory that nodes are mounted on.</summary>
internal static class MountFolder
{
    private const int MostDeadMounts = 16;

    /// <summary>Whether an error says that the server behind a mount has gone.</summary>
    /// <param name="error">The error number.</param>
    /// <returns>True if it does.</returns>
    internal static bool IsDead(int error) => error is Errno.NotConnected or Errno.ConnectionAborted;

    /// <summary>Makes the directory if there is none, and replaces what a server that was killed has left.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="place">Its path without symbolic links.</param>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="NodeException">It cannot be used.</exception>
    internal static bool Prepare(string path, out string place)
    {
        int error = MountPoint.Probe(path);
        for (int i = 0; IsDead(error) && i < MostDeadMounts; i++)
        {
            RemoveDead(path, error);
            error = MountPoint.Probe(path);
        }

        if (IsDead(error))
        {
            throw Dead(path, "", error);
        }

        try
        {
            bool isNew = !Directory.Exists(path);
            if (isNew)
            {
                _ = Directory.CreateDirectory(path);
            }

            place = PlaceOf(path);
            using var entries = Directory.EnumerateFileSystemEntries(path).GetEnumerator();
            return entries.MoveNext()
                ? throw new NodeException($"The directory '{path}' is not empty, and a mount would hide what is in it; give an empty one.", Errno.Busy)
                : isNew;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or SystemCallException or (IOException and not NodeException))
        {
            throw new NodeException($"The directory '{path}' cannot be used: {exception.Message}", Errno.Access, exception);
        }
    }

    /// <summary>Removes the directory, unless somebody uses it now.</summary>
    /// <param name="path">The directory.</param>
    internal static void Remove(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody uses it now.
        }
    }

    private static string PlaceOf(string path)
    {
        using MountReference reference = MountReference.Open(path);
        return Mounts.Find(reference.MountId) is { IsOfNodes: true }
            ? throw new NodeException($"Another server has its nodes at '{path}'; end it, or give another directory.", Errno.Busy)
            : reference.Path;
    }

    private static void RemoveDead(string path, int error)
    {
        try
        {
            using MountReference reference = MountReference.Open(path);
            if (!IsDead(reference.Probe()))
            {
                // Somebody else has just taken it away.
                return;
            }

            if (Mounts.Find(reference.MountId) is { IsOfNodes: false } entry)
            {
                throw Dead(path, $" of type {entry.Type}", error);
            }

            _ = reference.Detach();
        }
        catch (Exception exception) when (exception is SystemCallException or (IOException and not NodeException))
        {
            throw Dead(path, "", error);
        }
    }

    private static NodeException Dead(string path, string kind, int error) =>
        new($"A dead mount{kind} at '{path}' cannot be replaced; run 'umount -l {path}' as root.", error);
}
