using System;
using System.Runtime.InteropServices;
using Mhi.Interop.Linux;
using Mhi.Interop.Threading;

namespace Mhi.Interop.Files;

/// <summary>
/// A device, or a file that behaves like one: plain read(2), write(2) and poll(2), no position, no buffer. Any thread; calls
/// return the negative error number instead of throwing, and allocate nothing.
/// </summary>
public sealed unsafe class DeviceFile : SafeHandle
{
    private const int ErrorBadDescriptor = 9;

    private DeviceFile(int descriptor)
        : base(descriptor, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>The descriptor's number, for the text of mount options.</summary>
    public int Number => (int)handle;

    /// <summary>Opens a file; it is closed in programs that this process starts.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="access">Reading, writing or both.</param>
    /// <param name="nonBlocking">Whether reads and writes return at once.</param>
    /// <returns>The open file.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static DeviceFile Open(string path, DeviceAccess access, bool nonBlocking)
    {
        ArgumentNullException.ThrowIfNull(path);
        int descriptor = Libc.Open(path, (int)access | Libc.OpenCloseOnExec | (nonBlocking ? Libc.NonBlocking : 0), 0);
        return descriptor < 0 ? throw new SystemCallException("open", $"open '{path}'") : new DeviceFile(descriptor);
    }

    /// <summary>Reads once.</summary>
    /// <param name="destination">Where to.</param>
    /// <returns>Number of bytes, 0 at the end, or the negative error number.</returns>
    public int Read(Span<byte> destination)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            fixed (byte* bytes = destination)
            {
                return Result(Libc.Read(Number, bytes, (nuint)destination.Length));
            }
        }
        catch (ObjectDisposedException)
        {
            return -ErrorBadDescriptor;
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Writes once; both parts go out as one call.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="body">The bytes behind them; may be empty.</param>
    /// <returns>Number of bytes, or the negative error number.</returns>
    public int Write(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body = default)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            fixed (byte* first = head, second = body)
            {
                if (body.IsEmpty)
                {
                    return Result(Libc.Write(Number, first, (nuint)head.Length));
                }

                Libc.Buffer* parts = stackalloc Libc.Buffer[2];
                parts[0] = new Libc.Buffer { Base = first, Length = (nuint)head.Length };
                parts[1] = new Libc.Buffer { Base = second, Length = (nuint)body.Length };
                return Result(Libc.WriteVector(Number, parts, 2));
            }
        }
        catch (ObjectDisposedException)
        {
            return -ErrorBadDescriptor;
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Waits with poll(2).</summary>
    /// <param name="wanted">What to wait for; errors and hang-ups are always reported.</param>
    /// <param name="stop">Ends the wait when signalled; null for none. It stays signalled.</param>
    /// <param name="timeoutMilliseconds">Longest wait; -1 waits without limit.</param>
    /// <returns>What holds now; nothing when the wait was ended, timed out or was interrupted by a signal.</returns>
    public FileEvents Wait(FileEvents wanted, EventFd? stop, int timeoutMilliseconds)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            var waits = stackalloc Libc.PollDescriptor[2];
            waits[0] = new Libc.PollDescriptor { Descriptor = Number, Events = (short)wanted };
            waits[1] = new Libc.PollDescriptor { Descriptor = stop?.Number ?? -1, Events = Libc.PollIn };
            return Libc.Poll(waits, 2, timeoutMilliseconds) > 0 ? (FileEvents)waits[0].ReturnedEvents : FileEvents.None;
        }
        catch (ObjectDisposedException)
        {
            return FileEvents.Error;
        }
        finally
        {
            if (held)
            {
                DangerousRelease();
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    private static int Result(nint returned) => returned >= 0 ? (int)returned : -Marshal.GetLastPInvokeError();
}
