using System;
using System.Threading;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci.Infrastructure;

/// <summary>A client that does anything at any time, by a seed; only failures with an errno are expected of what it uses.</summary>
internal sealed class SoakClient(UciHost host, string name, int seed)
{
    private static readonly TimeSpan s_short = TimeSpan.FromMilliseconds(2);

    private readonly Random _random = new(seed);
    private readonly byte[] _buffer = new byte[600];
    private UciHandle? _handle;
    private long _operations;

    /// <summary>Calls made, failed ones included.</summary>
    public long Operations => Volatile.Read(ref _operations);

    /// <summary>Bytes read and written.</summary>
    public long Bytes { get; private set; }

    /// <summary>The kind of the operation begun last: for whoever looks at one that does not end.</summary>
    public string Doing { get; private set; } = "";

    /// <summary>The handle in use: for others to close it.</summary>
    public UciHandle? Handle => Volatile.Read(ref _handle);

    /// <summary>Works until told to stop; leaves nothing open.</summary>
    public void Run(Func<bool> stops)
    {
        while (!stops())
        {
            try
            {
                Step();
            }
            catch (Exception exception) when (exception is IUciError { ErrorCode: not 0 })
            {
                if (_random.Next(3) == 0)
                {
                    Close();
                }
            }

            Volatile.Write(ref _operations, _operations + 1);
        }

        Close();
    }

    private void Step()
    {
        Doing = "open";
        if (_handle is not { } handle)
        {
            Volatile.Write(ref _handle, host.Open(name, new UciOpenOptions
            {
                Access = (UciAccess)_random.Next(1, 4),
                NonBlocking = _random.Next(4) == 0,
                Timeout = _random.Next(2) == 0 ? s_short : null,
            }));
            return;
        }

        Span<byte> data = _buffer.AsSpan(0, _random.Next(1, _buffer.Length));
        TimeSpan time = s_short * _random.NextDouble();
        int kind = _random.Next(16);
        Doing = $"{kind}";
        switch (kind)
        {
            case 0:
                Close();
                break;
            case 1 or 2 or 3:
                Count(handle.Read(data, time));
                break;
            case 4 or 5 or 6:
                Count(handle.Write(data, time));
                break;
            case 7:
                _ = handle.WriteMessage(data[..Math.Min(data.Length, 250)], time);
                break;
            case 8:
                _ = handle.Receive(data, time);
                break;
            case 9:
                _ = handle.Poll((UciPollEvents)_random.Next(8), time);
                break;
            case 10:
                handle.Flush(time);
                break;
            case 11:
                using (var source = new CancellationTokenSource(time))
                {
                    Count(handle.ReadAsync(_buffer, source.Token).AsTask().GetAwaiter().GetResult());
                }

                break;
            case 12:
                using (var source = new CancellationTokenSource(time))
                {
                    Count(handle.WriteAsync(_buffer, source.Token).AsTask().GetAwaiter().GetResult());
                }

                break;
            case 13:
                _ = handle.TrySend(data, out _);
                break;
            case 14:
                _ = handle.PollAsync(UciPollEvents.In | UciPollEvents.Out, time).AsTask().GetAwaiter().GetResult();
                break;
            default:
                _ = handle.TryRead(data, out _);
                break;
        }
    }

    private void Count(int bytes)
    {
        Assert.InRange(bytes, 1, _buffer.Length);
        Bytes += bytes;
    }

    private void Close()
    {
        UciHandle? handle = _handle;
        Doing = "close";
        Volatile.Write(ref _handle, null);
        handle?.Dispose();
    }
}
