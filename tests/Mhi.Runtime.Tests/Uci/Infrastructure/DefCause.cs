using System;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>Something that stops an operation under way, by name: one row of a matrix of causes.</summary>
internal sealed class DefCause(string name, DefBed bed, TimeSpan? time = null) : IDisposable
{
    public const string Removal = "removal";
    public const string Reset = "reset";
    public const string Error = "controller error";
    public const string Cancellation = "cancellation";
    public const string Time = "time-out";
    public const string Close = "close";

    private readonly CancellationTokenSource _cancellation = new();
    private UciHandle? _handle;

    public static string[] All { get; } = [Removal, Reset, Error, Cancellation, Time, Close];

    public static TheoryData<string, bool> AllWithForms { get; } = Forms(All);

    public static TheoryData<string, bool> LastingWithForms { get; } = Forms(Removal, Reset, Error);

    /// <summary>The errno of an operation that had no progress to report.</summary>
    public int Errno => name switch
    {
        Removal => UciErrno.NoDevice,
        Reset => UciErrno.NotConnected,
        Error => UciErrno.InputOutput,
        Cancellation => UciErrno.Canceled,
        Time => UciErrno.TimedOut,
        _ => UciErrno.BadHandle,
    };

    /// <summary>Whether it stops every operation on the node, now and later.</summary>
    public bool IsLasting => name is Removal or Reset or Error;

    public CancellationToken Token => _cancellation.Token;

    /// <summary>A short time for the time-out, none for the rest.</summary>
    public TimeSpan? Timeout => name == Time ? time ?? TimeSpan.FromMilliseconds(30) : null;

    /// <summary>Starts a write that this cause is to stop, blocking or not.</summary>
    public Task<int> Write(UciHandle handle, byte[] data, bool isAsync)
    {
        _handle = handle;
        return isAsync
            ? handle.WriteAsync(data, Timeout, Token).AsTask()
            : Task.Factory.StartNew(() => handle.Write(data, Timeout, Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Starts a read that this cause is to stop, blocking or not.</summary>
    public Task<int> Read(UciHandle handle, byte[] data, bool isAsync)
    {
        _handle = handle;
        return isAsync
            ? handle.ReadAsync(data, Timeout, Token).AsTask()
            : Task.Factory.StartNew(() => handle.Read(data, Timeout, Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Starts a flush that this cause is to stop, blocking or not.</summary>
    public Task Flush(UciHandle handle, bool isAsync)
    {
        _handle = handle;
        return isAsync
            ? handle.FlushAsync(Timeout, Token).AsTask()
            : Task.Factory.StartNew(() => handle.Flush(Timeout, Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Makes it happen. A time-out happens by itself.</summary>
    public void Happen()
    {
        switch (name)
        {
            case Removal:
                bed.Host.Remove(bed.Controller);
                break;
            case Reset:
                // An event for a buffer that is not next: the host takes the channel down.
                bed.Device.Complete(DefBed.Down, 1);
                break;
            case Error:
                bed.Device.RaiseSystemError();
                break;
            case Cancellation:
                _cancellation.Cancel();
                break;
            case Close:
                bed.Close(_handle!);
                break;
        }
    }

    /// <summary>Waits for the operation to end by the bound for "soon", and checks the errno.</summary>
    public void AssertFailure(Task task)
    {
        bed.Until(() => task.IsCompleted, UciBed.Soon);
        Exception? failure = Record.Exception(() => task.GetAwaiter().GetResult());
        IUciError error = Assert.IsAssignableFrom<IUciError>(failure);
        Assert.Equal(Errno, error.ErrorCode);
    }

    public void Dispose() => _cancellation.Dispose();

    private static TheoryData<string, bool> Forms(params string[] causes)
    {
        var rows = new TheoryData<string, bool>();
        foreach (string cause in causes)
        {
            rows.Add(cause, false);
            rows.Add(cause, true);
        }

        return rows;
    }
}
