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
    private CancellationTokenSource _pending = new();
    private int _sent;
    private bool _isCompleted;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _message.WrittenCount - _sent;

    public override void Advance(int bytes) => _message.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => Check().GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => Check().GetSpan(sizeHint);

    public override void CancelPendingFlush() => _pending.Cancel();

    public override void Complete(Exception? exception = null) => _isCompleted = true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_message.WrittenCount == 0)
        {
            return new FlushResult(isCanceled: false, isCompleted: false);
        }

        CancellationToken pending = _pending.Token;
        using CancellationTokenRegistration linked = cancellationToken.UnsafeRegister(static self => ((UciMessageWriter)self!).CancelPendingFlush(), this);
        try
        {
            while (_sent < _message.WrittenCount)
            {
                _sent += await handle.WriteAsync(_message.WrittenMemory[_sent..], pending).ConfigureAwait(false);
            }

            _sent = 0;
            _message.ResetWrittenCount();
            return new FlushResult(isCanceled: false, isCompleted: false);
        }
        catch (UciCanceledException)
        {
            // What is left is kept: the next flush sends it.
            _pending = new CancellationTokenSource();
            cancellationToken.ThrowIfCancellationRequested();
            return new FlushResult(isCanceled: true, isCompleted: false);
        }
    }

    private ArrayBufferWriter<byte> Check() =>
        _isCompleted ? throw new InvalidOperationException("The writer is completed; nothing more can be written.") : _message;
}
