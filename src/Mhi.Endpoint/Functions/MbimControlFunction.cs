using System;
using System.Buffers.Binary;
using Mhi.Endpoint.Functions.Mbim;

namespace Mhi.Endpoint.Functions;

/// <summary>MBIM: the control channel of a modem with a SIM, registered in a test network (MBIM 1.0, sections 9 and 10).</summary>
/// <remarks>
/// Opens and closes, joins commands that come in fragments, sends answers in fragments no longer than the host takes, and
/// knows of the Basic Connect service what a connection manager needs; any other service or CID is completed with
/// NO_DEVICE_SUPPORT. What is wrong with a message is answered with FUNCTION_ERROR. Nothing is indicated unasked: what the
/// host does not change does not change. While the host has no buffers for an answer, nothing is taken.
/// </remarks>
public sealed class MbimControlFunction : ChannelFunction
{
    private readonly MbimBasicConnect _service;
    private readonly MbimCommand _command = new();
    private readonly MbimOutbox _outbox = new();
    private bool _isOpen;
    private uint _maxTransfer;

    /// <summary>Creates the channel of the default modem.</summary>
    public MbimControlFunction()
        : this(AtModem.FoxconnT99W175)
    {
    }

    /// <summary>Creates the channel.</summary>
    /// <param name="modem">What the modem says of itself.</param>
    /// <exception cref="ArgumentException">A text of the modem cannot be sent; the message says which.</exception>
    public MbimControlFunction(AtModem modem)
    {
        ArgumentNullException.ThrowIfNull(modem);
        _service = new MbimBasicConnect(modem);
    }

    /// <summary>Messages dropped so far because they are too short to be answered.</summary>
    public long Malformed { get; private set; }

    /// <inheritdoc/>
    public override bool IsPolled => !_outbox.IsEmpty;

    /// <inheritdoc/>
    public override void OnStarted() => Reset();

    /// <inheritdoc/>
    public override void OnStopped() => Reset();

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        if (!_outbox.IsEmpty || !downlink.CanSend)
        {
            return false;
        }

        if (packet.Length < MbimFormat.HeaderLength)
        {
            Malformed++;
            return true;
        }

        Take(packet);
        _ = _outbox.Send(downlink);
        return true;
    }

    /// <inheritdoc/>
    public override bool Poll(IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        return _outbox.Send(downlink);
    }

    private void Take(ReadOnlySpan<byte> message)
    {
        var type = (MbimMessageType)Number(message, 0);
        MbimError error = Check(message, type);
        if (error != MbimError.None)
        {
            _command.Drop();
            Refuse(Number(message, MbimFormat.Transaction), error);
            return;
        }

        switch (type)
        {
            case MbimMessageType.Open:
                Open(message);
                break;
            case MbimMessageType.Close:
                Close();
                _outbox.Add(MbimMessageType.CloseDone, Number(message, MbimFormat.Transaction), (uint)MbimStatus.Success);
                break;
            case MbimMessageType.Command:
                TakeFragment(message);
                break;
            default:
                // HOST_ERROR: the host has given the transaction up.
                _command.Drop();
                break;
        }
    }

    private MbimError Check(ReadOnlySpan<byte> message, MbimMessageType type)
    {
        int least = type switch
        {
            MbimMessageType.Open or MbimMessageType.HostError => MbimFormat.StatusMessageLength,
            MbimMessageType.Command => MbimFormat.FragmentHeaderLength,
            MbimMessageType.Close => MbimFormat.HeaderLength,
            _ => int.MaxValue,
        };
        if (least == int.MaxValue)
        {
            return MbimError.Unknown;
        }

        if (!_isOpen && type is MbimMessageType.Close or MbimMessageType.Command)
        {
            return MbimError.NotOpened;
        }

        if (_isOpen && message.Length > _maxTransfer)
        {
            return MbimError.MaxTransfer;
        }

        return Number(message, MbimFormat.Length) == message.Length && message.Length >= least ? MbimError.None : MbimError.LengthMismatch;
    }

    // A host that opens what is open has lost its thread, and begins anew.
    private void Open(ReadOnlySpan<byte> message)
    {
        Close();
        uint maxTransfer = Number(message, MbimFormat.MaxTransfer);
        _isOpen = maxTransfer >= MbimFormat.MinTransfer;
        _maxTransfer = maxTransfer;
        _outbox.MaxTransfer = (int)Math.Clamp(maxTransfer, MbimFormat.MinTransfer, MbimOutbox.Capacity);
        _outbox.Add(
            MbimMessageType.OpenDone,
            Number(message, MbimFormat.Transaction),
            (uint)(_isOpen ? MbimStatus.Success : MbimStatus.InvalidParameters));
    }

    private void TakeFragment(ReadOnlySpan<byte> message)
    {
        // A new command in the midst of another: the other is lost, and its transaction hears of it.
        if (_command.IsIncomplete && Number(message, MbimFormat.Fragment) == 0)
        {
            Refuse(_command.Transaction, MbimError.FragmentOutOfSequence);
        }

        MbimError error = _command.Take(message);
        if (error != MbimError.None)
        {
            Refuse(Number(message, MbimFormat.Transaction), error);
        }
        else if (!_command.IsIncomplete)
        {
            _outbox.AddDone(_command, _service.Execute(_command), _service.Answer);
        }
    }

    private void Refuse(uint transaction, MbimError error) => _outbox.Add(MbimMessageType.FunctionError, transaction, (uint)error);

    private void Close()
    {
        _isOpen = false;
        _command.Drop();
        _service.Close();
    }

    private void Reset()
    {
        Close();
        _outbox.Clear();
    }

    private static uint Number(ReadOnlySpan<byte> message, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(message[offset..]);
}
