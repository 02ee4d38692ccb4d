using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Channels;

namespace Mhi.Uci;

/// <summary>
/// A handle as a stream of bytes, for code that knows no messages. A read returns bytes of one buffer and never 0, unless none
/// are asked for: a channel has no end, and a device that goes is an exception.
/// </summary>
/// <remarks>
/// A write queues everything or throws; the exception says how many bytes had been queued before
/// (<see cref="IUciError.BytesTransferred"/>). Disposing the stream closes the handle.
/// </remarks>
public sealed class UciStream : Stream
{
    private readonly UciHandle _handle;
    private int _readTimeout = Timeout.Infinite;
    private int _writeTimeout = Timeout.Infinite;

    /// <summary>Makes a stream of a handle.</summary>
    /// <param name="handle">The handle; the stream closes it.</param>
    public UciStream(UciHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handle = handle;
    }

    /// <summary>The handle.</summary>
    public UciHandle Handle => _handle;

    /// <inheritdoc/>
    public override bool CanRead => !_handle.IsClosed && (_handle.Access & UciAccess.Read) != 0 && (_handle.Node.Directions & ChannelDirections.Downlink) != 0;

    /// <inheritdoc/>
    public override bool CanWrite => !_handle.IsClosed && MayWrite;

    /// <summary>False: a channel has no position.</summary>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => true;

    /// <summary>Longest wait of a read in milliseconds; -1 sets no limit.</summary>
    public override int ReadTimeout
    {
        get => _readTimeout;
        set => _readTimeout = CheckTimeout(value);
    }

    /// <summary>Longest wait of a write as a whole, or of a flush, in milliseconds; -1 sets no limit.</summary>
    public override int WriteTimeout
    {
        get => _writeTimeout;
        set => _writeTimeout = CheckTimeout(value);
    }

    /// <inheritdoc/>
    public override long Length => throw NotSeekable();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw NotSeekable();
        set => throw NotSeekable();
    }

    private bool MayWrite => (_handle.Access & UciAccess.Write) != 0 && (_handle.Node.Directions & ChannelDirections.Uplink) != 0;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _handle.Read(buffer, Limit(_readTimeout));

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        byte value = 0;
        _ = Read(new Span<byte>(ref value));
        return value;
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _handle.ReadAsync(buffer, Limit(_readTimeout), cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Deadline deadline = Deadline.After(Limit(_writeTimeout));
        int written = 0;
        try
        {
            do
            {
                written += _handle.Write(buffer[written..], deadline.Left);
            }
            while (written < buffer.Length);
        }
        catch (Exception exception) when (AddProgress(exception, written))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    /// <inheritdoc/>
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Handed on, once.")]
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Deadline deadline = Deadline.After(Limit(_writeTimeout));
        ValueTask<int> writing = _handle.WriteAsync(buffer, deadline.Left, cancellationToken);
        if (writing.IsCompletedSuccessfully)
        {
            // The result is taken once: its source may serve another operation afterwards.
            int written = writing.Result;
            if (written == buffer.Length)
            {
                return ValueTask.CompletedTask;
            }

            writing = new ValueTask<int>(written);
        }

        return FinishAsync(writing, buffer, deadline, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Waits until the device has everything written; does nothing on a handle that only reads.</summary>
    public override void Flush()
    {
        if (MayWrite)
        {
            _handle.Flush(Limit(_writeTimeout));
        }
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        MayWrite ? _handle.FlushAsync(Limit(_writeTimeout), cancellationToken).AsTask() : Task.CompletedTask;

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw NotSeekable();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw NotSeekable();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _handle.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _handle.Dispose();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(ValueTask<int> writing, ReadOnlyMemory<byte> buffer, Deadline deadline, CancellationToken cancellationToken)
    {
        int written = 0;
        try
        {
            written = await writing.ConfigureAwait(false);
            while (written < buffer.Length)
            {
                written += await _handle.WriteAsync(buffer[written..], deadline.Left, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (AddProgress(exception, written))
        {
            throw;
        }
    }

    private static bool AddProgress(Exception exception, int bytes)
    {
        switch (exception)
        {
            case UciIOException failure:
                failure.BytesTransferred = bytes;
                break;
            case UciTimeoutException failure:
                failure.BytesTransferred = bytes;
                break;
            case UciCanceledException failure:
                failure.BytesTransferred = bytes;
                break;
            case UciHandleClosedException failure:
                failure.BytesTransferred = bytes;
                break;
        }

        return false;
    }

    private static int CheckTimeout(int milliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(milliseconds, Timeout.Infinite);
        return milliseconds;
    }

    private static TimeSpan? Limit(int milliseconds) =>
        milliseconds == Timeout.Infinite ? null : TimeSpan.FromMilliseconds(milliseconds);

    private static UciNotSupportedException NotSeekable() => new(UciErrno.IllegalSeek, "A channel has no position and no length.");
}
