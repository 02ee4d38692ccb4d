using System;

namespace Mhi.Endpoint.Functions;

/// <summary>The AT command port of a modem: what answers on DUN.</summary>
/// <remarks>
/// Each response goes out as one packet, with the echo of its line; only one longer than 1.5 KiB takes several. While
/// the host has no buffers for an answer, the port stops where it is, keeps the rest of the packet, and takes no other.
/// AT+CFUN=1,1 restarts the modem: once the host has the answer, or has closed the port without it, the device signals
/// SYS_ERR and waits for the host to reset it.
/// </remarks>
public sealed class AtCommandPort : ChannelFunction
{
    /// <summary>Longest packet that is taken: the longest transfer element there is.</summary>
    public const int MaxPacketLength = 0xffff;

    private readonly AtInterpreter _interpreter;
    private readonly byte[] _rest = new byte[MaxPacketLength];
    private int _restStart;
    private int _restEnd;
    private IDeviceControl? _device;

    /// <summary>Creates the port of the default modem.</summary>
    public AtCommandPort()
        : this(AtModem.FoxconnT99W175)
    {
    }

    /// <summary>Creates the port.</summary>
    /// <param name="modem">What the modem says of itself.</param>
    /// <exception cref="ArgumentException">A text of the modem cannot be sent; the message says which.</exception>
    public AtCommandPort(AtModem modem)
    {
        ArgumentNullException.ThrowIfNull(modem);
        _interpreter = new AtInterpreter(modem);
    }

    private bool IsBusy => _restStart < _restEnd || _interpreter.IsExecuting || !_interpreter.Response.Written.IsEmpty;

    /// <inheritdoc/>
    public override bool IsPolled => IsBusy || _interpreter.IsRestartRequested;

    /// <inheritdoc/>
    public override void OnAttached(IDeviceControl device) => _device = device;

    /// <inheritdoc/>
    public override void OnStarted() => Reset();

    /// <inheritdoc/>
    public override void OnStopped()
    {
        if (_interpreter.IsRestartRequested)
        {
            _device?.RaiseSystemError();
        }

        Reset();
    }

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        if (IsPolled || !downlink.CanSend)
        {
            return false;
        }

        // A chain may join to more than can be kept; its characters then count as one line that is too long.
        if (packet.Length > MaxPacketLength)
        {
            _interpreter.RefuseLine();
            packet = [];
        }

        ReadOnlySpan<byte> rest = packet[Advance(packet, downlink)..];
        rest.CopyTo(_rest);
        _restStart = 0;
        _restEnd = rest.Length;
        return true;
    }

    /// <inheritdoc/>
    public override bool Poll(IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        if (!IsPolled || !downlink.CanSend)
        {
            return false;
        }

        // The host has room again, so it has the answer.
        if (!IsBusy)
        {
            Reset();
            _device?.RaiseSystemError();
            return true;
        }

        _restStart += Advance(_rest.AsSpan(_restStart, _restEnd - _restStart), downlink);
        return true;
    }

    /// <summary>Feeds characters and sends responses until there are no more characters or the host has no buffers.</summary>
    /// <returns>How many characters were taken.</returns>
    private int Advance(ReadOnlySpan<byte> characters, IDownlink downlink)
    {
        int taken = 0;
        while (true)
        {
            AtResponse response = _interpreter.Response;
            bool isLast = !_interpreter.IsExecuting && taken == characters.Length;
            if ((isLast || response.IsComplete || !response.HasRoom) && !TrySend(response, downlink))
            {
                return taken;
            }

            if (_interpreter.IsExecuting)
            {
                _interpreter.ExecuteNext();
            }
            else if (isLast)
            {
                return taken;
            }
            else
            {
                _interpreter.Accept(characters[taken++]);
            }
        }
    }

    private static bool TrySend(AtResponse response, IDownlink downlink)
    {
        // Quiet mode without echo leaves nothing to send.
        if (!response.Written.IsEmpty && !downlink.TrySend(response.Written))
        {
            return false;
        }

        response.Clear();
        return true;
    }

    private void Reset()
    {
        _interpreter.Reset();
        _restStart = 0;
        _restEnd = 0;
    }
}
