using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Controller;
using Mhi.Gateway.Devices;
using Mhi.Nodes;
using Mhi.Uci;

namespace Mhi.Gateway.Nodes;

/// <summary>
/// A device for a host that outlives it: one that has failed or left is let go, nodes and all, and taken back as soon as it
/// can be opened again. One thread.
/// </summary>
/// <remarks>
/// A device that failed is opened anew rather than recovered in place: a modem that restarts, one that was plugged in again
/// and one whose process was started again all come back in the same way, from their reset.
/// </remarks>
internal sealed class DeviceKeeper : IDisposable
{
    private readonly DeviceRequest _request;
    private readonly Action<string> _say;
    private readonly CancellationTokenSource _end = new();
    private readonly RetryPause _pause = new();
    private UciHost? _host;
    private GatewayDevice? _device;
    private Task<GatewayDevice>? _opening;
    private long _since;
    private TimeSpan _wait;
    private string? _said;

    /// <summary>Opens the device for the first time.</summary>
    /// <param name="request">Which device.</param>
    /// <param name="say">Tells the user what happens to it, a sentence at a time.</param>
    /// <exception cref="MhiException">It cannot be reached, or does not get there; the message says where it stopped.</exception>
    internal DeviceKeeper(DeviceRequest request, Action<string> say)
    {
        _request = request;
        _say = say;
        _device = GatewayDevice.Open(request);
        _since = Stopwatch.GetTimestamp();
    }

    /// <summary>Has a host publish the device's channels, from now on whenever it is there.</summary>
    /// <param name="host">The host; stopped before the keeper is disposed.</param>
    internal void AttachTo(UciHost host)
    {
        _host = host;
        _device!.AttachTo(host);
    }

    /// <summary>Looks after the device. To be called a few times a second, once it is attached.</summary>
    internal void Look()
    {
        if (_device is not null)
        {
            if (_device.Failure is { } failure)
            {
                LetGo(failure);
            }
        }
        else if (_opening is null)
        {
            if (Stopwatch.GetElapsedTime(_since) >= _wait)
            {
                _opening = Task.Run(() => GatewayDevice.Open(_request, _end.Token));
            }
        }
        else if (_opening.IsCompleted)
        {
            TakeBack(_opening);
            _opening = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        if (_opening is not null)
        {
            ((IAsyncResult)_opening).AsyncWaitHandle.WaitOne();
            if (_opening.IsCompletedSuccessfully)
            {
                _device = _opening.Result;
            }
        }

        _device?.Dispose();
        _end.Dispose();
    }

    private void LetGo(MhiFailure failure)
    {
        GatewayDevice device = _device!;
        _device = null;
        _pause.Reset(Stopwatch.GetElapsedTime(_since));
        _said = null;
        _say($"{failure.Message} Its nodes are gone until it is back.");

        // Nodes first: those who have them open learn that the device is gone, not that it is silent.
        device.DetachFrom(_host!);
        device.Dispose();
        WaitAgain();
    }

    private void TakeBack(Task<GatewayDevice> opening)
    {
        if (opening.Exception?.InnerException is { } reason)
        {
            TryLater(reason);
            return;
        }

        GatewayDevice device = opening.Result;
        try
        {
            device.AttachTo(_host!);
        }
        catch (UciIOException refusal)
        {
            // One channel; the others have their nodes.
            _say(refusal.Message);
        }
        catch (NodeException exception)
        {
            device.Dispose();
            TryLater(exception);
            return;
        }

        _device = device;
        _since = Stopwatch.GetTimestamp();
        _said = null;
        _say("The device is back, and so are its nodes.");
    }

    private void TryLater(Exception exception)
    {
        if (exception is not (MhiException or GatewayException or NodeException or TimeoutException))
        {
            throw new GatewayException($"The device cannot be opened again: {exception.Message}", cause: exception);
        }

        // Once for each reason: a device may stay away for days.
        if (_said != exception.Message)
        {
            _said = exception.Message;
            _say($"The device is not back yet: {exception.Message}");
        }

        WaitAgain();
    }

    private void WaitAgain()
    {
        _since = Stopwatch.GetTimestamp();
        _wait = _pause.Take();
    }
}
