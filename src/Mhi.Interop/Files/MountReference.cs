using System;
using System.IO;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;

namespace Mhi.Interop.Files;

/// <summary>
/// What is at a path now, held on to: what is mounted there later is something else. Can be had of a mount whose server has
/// gone, since nobody is asked for it.
/// </summary>
public sealed unsafe class MountReference : SafeHandle
{
    private const string IdField = "mnt_id:";

    private MountReference(int descriptor)
        : base(descriptor, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The path without symbolic links, as the list of mounts has it.</summary>
    public string Path => new FileInfo(Link).LinkTarget ?? throw new IOException($"'{Link}' is no link.");

    /// <summary>Number of the mount that it is in; another one may get the number when this one has gone.</summary>
    public int MountId
    {
        get
        {
            foreach (string line in File.ReadLines($"/proc/self/fdinfo/{(int)handle}"))
            {
                if (line.StartsWith(IdField, StringComparison.Ordinal))
                {
                    return int.Parse(line.AsSpan(IdField.Length), provider: null);
                }
            }

            throw new IOException("The kernel does not tell the number of a mount.");
        }
    }

    private string Link => $"/proc/self/fd/{(int)handle}";

    /// <summary>Takes hold of what is at a path.</summary>
    /// <param name="path">The path; symbolic links are followed.</param>
    /// <returns>The reference.</returns>
    /// <exception cref="SystemCallException">The path does not lead anywhere.</exception>
    public static MountReference Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int descriptor = Libc.Open(path, Libc.OpenPathOnly | Libc.OpenCloseOnExec, 0);
        return descriptor < 0 ? throw new SystemCallException("open", $"look at '{path}'") : new MountReference(descriptor);
    }

    /// <summary>Asks the file system whether it can be reached.</summary>
    /// <returns>0, or the error number.</returns>
    public int Probe()
    {
        Libc.FileStatus status;
        byte empty = 0;
        return Libc.Status((int)handle, &empty, Libc.AtEmptyPath, Libc.StatusBasic, &status) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Takes the mount away whose root this is; files open in it stay open.</summary>
    /// <returns>0, or the error number: EINVAL when it is no mount, or is not mounted any more.</returns>
    public int Detach() => MountPoint.Detach(Link);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
