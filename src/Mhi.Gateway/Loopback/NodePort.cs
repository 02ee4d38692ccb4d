using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Threading;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Interop.Threading;

namespace Mhi.Gateway.Loopback;

/// <summary>
/// A device node of any driver: plain descriptor I/O that waits with poll(2), so that it can be ended at any time. One
/// thread may read while another writes.
/// </summary>
internal sealed class NodePort : IDisposable
{
    private const int ErrorInterrupted = 4;
    private const int ErrorAgain = 11;

    private static readonly TimeSpan s_errorPause = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly DeviceFile _file;
    private readonly EventFd _stop = new();
    private readonly ManualResetEventSlim _isStopped = new();

    private NodePort(string path, DeviceFile file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Opens a node.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>The port.</returns>
    /// <exception cref="GatewayException">It cannot be opened.</exception>
    internal static NodePort Open(string path)
    {
        try
        {
            return new NodePort(path, DeviceFile.Open(path, DeviceAccess.ReadWrite, nonBlocking: true));
        }
        catch (SystemCallException exception)
        {
            throw new GatewayException(
                $"The node '{path}' cannot be opened: {Words(exception.NativeErrorCode)}. Give --node a device node you may read and write.",
                cause: exception);
        }
    }

    /// <summary>Writes all of a packet, waiting for room.</summary>
    /// <param name="packet">The packet.</param>
    /// <exception cref="OperationCanceledException">The port was stopped.</exception>
    /// <exception cref="GatewayException">The node failed.</exception>
    internal void Write(ReadOnlySpan<byte> packet)
    {
        while (!packet.IsEmpty)
        {
            int written = _file.Write(packet);
            if (written >= 0)
            {
                packet = packet[written..];
            }
            else
            {
                WaitAfter(-written, FileEvents.Out, "written");
            }
        }
    }

    /// <summary>Reads what is there, waiting for something.</summary>
    /// <param name="destination">Where to.</param>
    /// <returns>Number of bytes, at least 1.</returns>
    /// <exception cref="OperationCanceledException">The port was stopped.</exception>
    /// <exception cref="GatewayException">The node failed or ended.</exception>
    internal int Read(Span<byte> destination)
    {
        int count;
        while (!TryRead(destination, out count))
        {
            WaitAfter(ErrorAgain, FileEvents.In, "read");
        }

        return count;
    }

    /// <summary>Reads what is there.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="count">Number of bytes.</param>
    /// <returns>False when there is nothing.</returns>
    /// <exception cref="GatewayException">The node failed or ended.</exception>
    internal bool TryRead(Span<byte> destination, out int count)
    {
        while (true)
        {
            count = _file.Read(destination);
            switch (count)
            {
                case > 0:
                    return true;
                case 0:
                    throw new GatewayException($"The node '{_path}' ended: its driver closed the channel.");
                case -ErrorAgain:
                    return false;
                case -ErrorInterrupted:
                    continue;
                default:
                    throw Failed(-count, "read");
            }
        }
    }

    /// <summary>Ends what waits, for good. Any thread.</summary>
    internal void Stop()
    {
        _isStopped.Set();
        _stop.Signal();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _stop.Dispose();
        _isStopped.Dispose();
    }

    private static string Words(int error) => Marshal.GetPInvokeErrorMessage(error);

    private void WaitAfter(int error, FileEvents wanted, string what)
    {
        if (_isStopped.IsSet)
        {
            throw new OperationCanceledException();
        }

        switch (error)
        {
            case ErrorInterrupted:
                break;
            case ErrorAgain:
                // An error or hang-up ends the wait, too, and the next call says which. An error may also pass, and until then
                // each call says that it cannot be done now, and each wait ends at once.
                FileEvents events = _file.Wait(wanted, _stop, -1);
                if (events != FileEvents.None && (events & wanted) == 0)
                {
                    _ = _isStopped.Wait(s_errorPause);
                }

                break;
            default:
                throw Failed(error, what);
        }
    }

    private GatewayException Failed(int error, string what) =>
        new($"The node '{_path}' could not be {what}: {Words(error)}.", cause: new Win32Exception(error));
}
