using System.Runtime.InteropServices;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Files;

/// <summary>Mounts and unmounts file systems, and looks at what is at a path.</summary>
public static unsafe class MountPoint
{
    private const int NoSetUserId = 2;
    private const int NoDevices = 4;
    private const int DetachNow = 2;
    private const int CurrentDirectory = -100;

    /// <summary>Mounts a file system; programs in it get no privileges from it.</summary>
    /// <param name="source">What the list of mounts shows as its source.</param>
    /// <param name="path">Where.</param>
    /// <param name="type">Type of the file system.</param>
    /// <param name="options">Its options.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void Attach(string source, string path, string type, string options)
    {
        if (Libc.Mount(source, path, type, NoSetUserId | NoDevices, options) != 0)
        {
            throw new SystemCallException("mount", $"mount a file system at '{path}'");
        }
    }

    /// <summary>Takes a mount away at once; files open in it stay open.</summary>
    /// <param name="path">Where it is.</param>
    /// <returns>0, or the error number.</returns>
    public static int Detach(string path) => Libc.Unmount(path, DetachNow) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Looks whether a path can be reached.</summary>
    /// <param name="path">The path.</param>
    /// <returns>0, or the error number.</returns>
    public static int Probe(string path)
    {
        Libc.FileStatus status;
        return Libc.StatusOfPath(CurrentDirectory, path, 0, Libc.StatusBasic, &status) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Gives a file to a user and a group.</summary>
    /// <param name="path">The file.</param>
    /// <param name="owner">Number of the user.</param>
    /// <param name="group">Number of the group.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void SetOwner(string path, uint owner, uint group)
    {
        if (Libc.ChangeOwner(path, owner, group) != 0)
        {
            throw new SystemCallException("chown", $"set the owner of '{path}'");
        }
    }

    /// <summary>Sets who may do what with a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Permission bits.</param>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void SetMode(string path, uint mode)
    {
        if (Libc.ChangeModeOfPath(path, mode) != 0)
        {
            throw new SystemCallException("chmod", $"set the mode of '{path}'");
        }
    }
}
