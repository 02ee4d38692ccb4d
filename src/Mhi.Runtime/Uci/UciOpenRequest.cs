using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <summary>Somebody who wants a handle: answered once, with a handle or with the reason why there is none.</summary>
internal sealed class UciOpenRequest(UciNode node, UciOpenOptions options) : IDisposable
{
    private readonly TaskCompletionSource<UciHandle> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;
    private UciTimer? _timer;

    internal UciOpenOptions Options => options;

    /// <summary>Next in the node's line. Guarded by the node.</summary>
    internal UciOpenRequest? Next { get; set; }

    /// <summary>Lets a token or the options' time-out end the request. After it has been entered at the node.</summary>
    internal void CancelOn(CancellationToken token)
    {
        if (_source.Task.IsCompleted)
        {
            return;
        }

        if (token.CanBeCanceled)
        {
            _registration = token.UnsafeRegister(
                static (self, token) =>
                {
                    var request = (UciOpenRequest)self!;
                    request.GiveUp(() => request.Cancel(token));
                },
                this);
        }

        if (options.Timeout is { } timeout && timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = new UciTimer(static self => ((UciOpenRequest)self!).TimeOut(), this, timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The answer: a handle, why there is none, or that the request was canceled. Asked for once.</summary>
    internal async Task<UciHandle> Answer()
    {
        await UciWork.EndOf(_source.Task);
        Dispose();
        return _source.Task.GetAwaiter().GetResult();
    }

    /// <summary>The same on the calling thread, which sleeps until it is there.</summary>
    internal UciHandle Wait()
    {
        try
        {
            return _source.Task.GetAwaiter().GetResult();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Ends what could end the request: it has its answer.</summary>
    public void Dispose()
    {
        UciWork.Unregister(_registration);
        _timer?.Dispose();
    }

    internal void Grant(UciHandle handle) => _source.SetResult(handle);

    internal void Fail(Exception exception) => _source.SetException(exception);

    internal void Cancel(CancellationToken token) => _source.SetException(new UciCanceledException(token));

    private void TimeOut() => GiveUp(() => Fail(new UciTimeoutException(
        $"The channel of {node.Name} did not start within {options.Timeout!.Value.TotalSeconds:0.###} s. The open was taken back.")));

    // The node says whether the request is still waiting; only then is it answered here.
    private void GiveUp(Action answer)
    {
        if (node.TryAbandon(this))
        {
            answer();
        }
    }
}
