using System;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;
using Mhi.Interop.Sockets;

namespace Mhi.Interop.Threading;

/// <summary>An eventfd(2): what an interrupt is to a userspace driver. Any thread may signal, one thread drains.</summary>
public sealed unsafe class EventFd : SafeHandle
{
    /// <summary>Creates a descriptor with nothing pending.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public EventFd()
        : base(-1, ownsHandle: true)
    {
        int descriptor = Libc.CreateEventFd(0, Libc.EventFdNonBlocking | Libc.EventFdCloseOnExec);
        if (descriptor < 0)
        {
            throw new SystemCallException("eventfd", "create an interrupt descriptor");
        }

        SetHandle(descriptor);
    }

    /// <summary>Takes over a descriptor that another process made.</summary>
    /// <param name="descriptor">The descriptor.</param>
    internal EventFd(int descriptor)
        : base(descriptor, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor's number, for system calls that take it.</summary>
    internal int Number => (int)handle;

    /// <summary>Makes the descriptor readable. A signal nobody has drained yet absorbs further ones; a closed descriptor too.</summary>
    public void Signal()
    {
        // Held during the call, so that the number cannot come to name another file.
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            ulong one = 1;
            _ = Libc.Write(Number, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Takes all pending signals.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Drain()
    {
        ulong count;
        return !IsClosed && Libc.Read(Number, &count, sizeof(ulong)) == sizeof(ulong);
    }

    /// <summary>A second descriptor of the same event, to be sent to another process.</summary>
    /// <returns>The descriptor.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public FileDescriptor Share() => FileDescriptor.Duplicate(Number, "share an interrupt descriptor");

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
