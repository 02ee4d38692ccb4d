using System;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;
using Mhi.Interop.Memory;
using Mhi.Interop.Threading;

namespace Mhi.Interop.Sockets;

/// <summary>A descriptor that another process sent, or that is to be sent to one. Closed when disposed.</summary>
public sealed unsafe class FileDescriptor : SafeHandle
{
    internal FileDescriptor(int descriptor)
        : base(descriptor, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor's number, for system calls that take it.</summary>
    internal int Number => (int)handle;

    /// <summary>Opens a file for reading and writing.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The descriptor.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    internal static FileDescriptor Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int descriptor = Libc.Open(path, Libc.OpenReadWrite | Libc.OpenCloseOnExec, 0);
        return descriptor < 0 ? throw new SystemCallException("open", $"open '{path}'") : new FileDescriptor(descriptor);
    }

    /// <summary>A second descriptor of an open file.</summary>
    /// <param name="file">The file; it stays open.</param>
    /// <returns>The descriptor.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static FileDescriptor Of(SafeHandle file)
    {
        ArgumentNullException.ThrowIfNull(file);
        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            return Duplicate((int)file.DangerousGetHandle(), "share a file");
        }
        finally
        {
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Looks up which file this is.</summary>
    /// <param name="identity">The file.</param>
    /// <param name="length">Its length in bytes now.</param>
    /// <returns>False when it is no file with contents, such as a pipe or a socket.</returns>
    public bool TryGetFile(out FileIdentity identity, out long length)
    {
        Libc.FileStatus status;
        byte empty = 0;
        if (Libc.Status(Number, &empty, Libc.AtEmptyPath, Libc.StatusBasic, &status) != 0
            || (status.Mode & Libc.FileTypeMask) != Libc.FileTypeRegular
            || status.Size > long.MaxValue)
        {
            identity = default;
            length = 0;
            return false;
        }

        identity = new FileIdentity(((ulong)status.DeviceMajor << 32) | status.DeviceMinor, status.Inode);
        length = (long)status.Size;
        return true;
    }

    /// <summary>Maps the file from its beginning. This object gives its descriptor away and is closed afterwards.</summary>
    /// <remarks>A file that is cut afterwards does not end the process: see <see cref="MappedMemory.IsGone"/>.</remarks>
    /// <param name="length">Bytes to map; the file must be as long.</param>
    /// <param name="writable">Whether the mapping can be written; false maps a file that was opened for reading only.</param>
    /// <param name="contents">What it reads as once the file behind it has gone.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="SystemCallException">The kernel refused; this object is still open.</exception>
    /// <exception cref="NotSupportedException">Too many mappings, or too large a one; this object is still open.</exception>
    public MappedMemory Map(long length, bool writable, FaultContents contents = FaultContents.Zeros)
    {
        MappedMemory memory = MappedMemory.MapForeign(Number, length, writable, contents);
        SetHandleAsInvalid();
        return memory;
    }

    /// <summary>
    /// Takes the descriptor as an event descriptor that never blocks its writer. This object gives it away and is closed
    /// afterwards.
    /// </summary>
    /// <returns>The event descriptor.</returns>
    public EventFd ToEventFd()
    {
        int flags = Libc.Control(Number, Libc.GetFlags, 0);
        if (flags >= 0 && (flags & Libc.NonBlocking) == 0)
        {
            _ = Libc.Control(Number, Libc.SetFlags, flags | Libc.NonBlocking);
        }

        var result = new EventFd(Number);
        SetHandleAsInvalid();
        return result;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    /// <summary>A second descriptor of the same file.</summary>
    /// <param name="descriptor">The first.</param>
    /// <param name="purpose">What it is for, as a clause.</param>
    /// <returns>The second.</returns>
    internal static FileDescriptor Duplicate(int descriptor, string purpose)
    {
        int copy = Libc.Control(descriptor, Libc.DuplicateCloseOnExec, 0);
        return copy < 0 ? throw new SystemCallException("fcntl", purpose) : new FileDescriptor(copy);
    }
}
