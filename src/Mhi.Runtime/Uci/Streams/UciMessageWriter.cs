using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Mhi.Uci;

/// <summary>
/// Collects what is written until it is flushed, and sends that as one message, or as several where it can never be one.
/// One writer at a time.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing.")]
internal sealed class UciMessageWriter(UciHandle handle) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _message = new(handle.Node.MaxTransferBytes);
    private volatile CancellationTokenSource _pending = new();
    private int _sent;
    private bool _isCompleted;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _message.WrittenCount - _sent;

    public override void Advance(int bytes) => _message.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => Check().GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Check().GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
        _pending.Cancel();
    }

    public override void Complete(Exception? exception = null)
    {
        if (!_isCompleted)
        {
            _isCompleted = true;
            while (exception is null && UnflushedBytes != 0)
            {
                _sent += handle.Write(_message.WrittenSpan[_sent..]);
            }
        }
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!_isCompleted)
        {
            _isCompleted = true;
            if (exception is null)
            {
                await SendAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        CancellationToken pending = _pending.Token;
        CancellationTokenRegistration linked = cancellationToken.UnsafeRegister(static self => ((UciMessageWriter)self!).CancelPendingFlush(), this);
        bool isCanceled = false;
        try
        {
            await SendAsync(pending).ConfigureAwait(false);
            _sent = 0;
            _message.ResetWrittenCount();
        }
        catch (UciCanceledException)
        {
            // What is left is kept: the next flush sends it.
            isCanceled = true;
        }
        finally
        {
            // A cancellation that came too late for this flush must not end the next, unless it was asked for by itself.
            await linked.DisposeAsync().ConfigureAwait(false);
            if (isCanceled || cancellationToken.IsCancellationRequested)
            {
                Renew();
            }
        }

        return isCanceled && cancellationToken.IsCancellationRequested
            ? throw new UciCanceledException(cancellationToken) { BytesTransferred = _sent }
            : new FlushResult(isCanceled, isCompleted: false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        while (UnflushedBytes != 0)
        {
            _sent += await handle.WriteAsync(_message.WrittenMemory[_sent..], cancellationToken).ConfigureAwait(false);
        }
    }

    private void Renew()
    {
        _pending = new CancellationTokenSource();
    }

    private ArrayBufferWriter<byte> Check() =>
        _isCompleted ? throw new InvalidOperationException("The writer is completed; nothing more can be written.") : _message;
}
