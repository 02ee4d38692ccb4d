using System;
using Mhi.Interop.Files;
using Mhi.Interop.Threading;

namespace Mhi.Nodes.Transport;

/// <summary>A connection through <c>/dev/fuse</c> or <c>/dev/cuse</c>.</summary>
internal sealed class KernelDevice : FuseDevice
{
    internal const string FusePath = "/dev/fuse";
    internal const string CusePath = "/dev/cuse";

    private readonly DeviceFile _file;
    private readonly EventFd _stop;
    private volatile bool _isStopped;

    private KernelDevice(DeviceFile file)
    {
        _file = file;
        _stop = new EventFd();
    }

    /// <summary>The descriptor's number, for the options of mount(2).</summary>
    internal int Number => _file.Number;

    /// <summary>Opens a connection.</summary>
    /// <param name="path">One of the two devices.</param>
    /// <returns>The connection, not yet in use.</returns>
    /// <exception cref="Interop.SystemCallException">The kernel refused.</exception>
    internal static KernelDevice Open(string path) => new(DeviceFile.Open(path, DeviceAccess.ReadWrite, nonBlocking: true));

    /// <inheritdoc/>
    internal override int Read(Span<byte> buffer) => _isStopped ? -Errno.NoDevice : _file.Read(buffer);

    /// <inheritdoc/>
    internal override int Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body) => _file.Write(head, body);

    /// <inheritdoc/>
    internal override bool WaitForRequest()
    {
        // Nothing is reported when the stop event ended the wait, and when a signal did.
        while (_file.Wait(FileEvents.In, _stop, -1) == FileEvents.None)
        {
            if (_isStopped)
            {
                return false;
            }
        }

        return !_isStopped;
    }

    /// <inheritdoc/>
    internal override void Stop()
    {
        _isStopped = true;
        _stop.Signal();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Stop();
        _file.Dispose();
        _stop.Dispose();
    }
}
