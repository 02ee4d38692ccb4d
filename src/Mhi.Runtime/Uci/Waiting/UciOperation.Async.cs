using System;
using System.Threading;
using System.Threading.Tasks.Sources;
using Mhi.Controller;

namespace Mhi.Uci.Waiting;

/// <content>The asynchronous form: the work runs on the thread pool, and value tasks tell of its end.</content>
internal sealed partial class UciOperation : IThreadPoolWorkItem, IValueTaskSource, IValueTaskSource<int>,
    IValueTaskSource<UciReceiveResult>, IValueTaskSource<UciSendResult>, IValueTaskSource<UciStatus>, IValueTaskSource<UciPollEvents>
{
    private ManualResetValueTaskSourceCore<bool> _source;
    private Memory<byte> _data;
    private bool _isAsync;

    /// <summary>Version for the value task over this operation.</summary>
    internal short Version => _source.Version;

    /// <summary>Makes the operation asynchronous; the memory stays in use until it has finished.</summary>
    internal void MakeAsync(Memory<byte> data)
    {
        _data = data;
        _isAsync = true;
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        Span<byte> data;
        try
        {
            data = _data.Span;
        }
        catch (Exception fault)
        {
            // Memory whose owner was disposed under the operation. It is this caller's mistake and nobody else's.
            _ = GiveUp(fault);
            Complete();
            return;
        }

        if (Advance(data))
        {
            Complete();
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => TakeAsync(token).Count;

    UciReceiveResult IValueTaskSource<UciReceiveResult>.GetResult(short token)
    {
        UciOutcome outcome = TakeAsync(token);
        return new UciReceiveResult(outcome.Count, outcome.EndOfMessage, outcome.Truncated);
    }

    UciSendResult IValueTaskSource<UciSendResult>.GetResult(short token)
    {
        UciOutcome outcome = TakeAsync(token);
        return new UciSendResult(outcome.Count, outcome.Packets);
    }

    UciStatus IValueTaskSource<UciStatus>.GetResult(short token)
    {
        _ = TakeAsync(token);
        return UciStatus.Done;
    }

    UciPollEvents IValueTaskSource<UciPollEvents>.GetResult(short token) => TakeAsync(token).Events;

    void IValueTaskSource.GetResult(short token) => TakeAsync(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<UciReceiveResult>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<UciSendResult>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<UciStatus>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<UciPollEvents>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<UciReceiveResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<UciSendResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<UciStatus>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<UciPollEvents>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    // From outside the work, between two waits. Only reads and writes have memory.
    private bool GiveUp(Exception fault)
    {
        LeaveTurn(Direction);
        bool isFinished = Fail(fault);
        LockRules.LeaveTurn();
        return isFinished;
    }

    private void Complete()
    {
        LockRules.RunClientCode();
        if (_fault is null)
        {
            _source.SetResult(true);
        }
        else
        {
            _source.SetException(_fault);
        }
    }

    private UciOutcome TakeAsync(short token)
    {
        if (_source.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The operation has not completed. Await it, or use the blocking form.");
        }

        UciOutcome outcome = new(_count, _packets, _endOfMessage, _truncated, _events);
        try
        {
            _ = _source.GetResult(token);
            return outcome;
        }
        finally
        {
            Recycle();
        }
    }
}
