using System;
using System.IO.Pipelines;
using System.Threading.Tasks;

namespace Mhi.Uci;

/// <summary>A handle for code that uses pipelines: bytes in, and one message out per flush.</summary>
/// <remarks>
/// Disposing closes the handle; completing a side ends that side only. Completing the output sends what was not flushed, as
/// with every pipe; disposing does not: an unfinished message is no message.
/// </remarks>
public sealed class UciPipe : IDuplexPipe, IAsyncDisposable
{
    private readonly UciHandle _handle;

    /// <summary>Makes a pipe of a handle.</summary>
    /// <param name="handle">The handle; the pipe closes it.</param>
    public UciPipe(UciHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
        Input = PipeReader.Create(new UciStream(handle), new StreamPipeReaderOptions(bufferSize: handle.Node.ReceiveCapacity, leaveOpen: true));
        Output = new UciMessageWriter(handle);
    }

    /// <summary>Bytes from the device.</summary>
    public PipeReader Input { get; }

    /// <summary>Bytes to the device. What is written between two flushes is one message.</summary>
    public PipeWriter Output { get; }

    /// <summary>Closes the handle, which ends what is pending, and completes both sides.</summary>
    /// <returns>Completes when the handle is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        await _handle.DisposeAsync().ConfigureAwait(false);
        await Input.CompleteAsync().ConfigureAwait(false);
        await Output.CompleteAsync(new UciHandleClosedException(_handle.Name)).ConfigureAwait(false);
    }
}
