using System;
using System.Threading;
using Mhi.Controller;
using Mhi.Interop;
using Mhi.Pci.VfioUser.Protocol;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Pci.VfioUser;

/// <content>The thread that receives.</content>
internal sealed partial class ServerConnection
{
    private const uint KnownCommandFlags = MessageHeader.TypeMask | MessageHeader.NoReply;

    private void ReadToEnd()
    {
        try
        {
            while (_stream.TryReceive(out MessageHeader header))
            {
                Handle(header);
            }

            Lose(MhiErrorCode.DeviceRemoved, $"{_peer} has ended the connection. Start it again, then open the device anew.");
        }
        catch (ProtocolException exception)
        {
            Lose(MhiErrorCode.ProtocolViolation, exception.Message);
        }
        catch (SystemCallException exception)
        {
            Lose(MhiErrorCode.DeviceRemoved, exception.Message);
        }
    }

    private void Handle(in MessageHeader header)
    {
        switch (header.Type)
        {
            case MessageHeader.TypeReply:
                TakeReply(header);
                break;
            case MessageHeader.TypeCommand:
                Serve(header);
                break;
            default:
                throw new ProtocolException($"{_peer} sent a message of type {header.Type}; there are only commands (0) and replies (1).");
        }
    }

    private void TakeReply(in MessageHeader header)
    {
        lock (_sync)
        {
            if (_phase != Phase.Asked || header.Id != _asked.Id || header.Command != _asked.Command)
            {
                if (_lost is not null)
                {
                    return;
                }

                throw new ProtocolException($"{_peer} sent a reply {header.Id} to {NameOf(header.Command)}, which nobody waits for.");
            }

            ReadOnlySpan<byte> payload = _stream.Payload;
            if (payload.Length > MaxAnswer)
            {
                throw new ProtocolException($"{_peer} answered {NameOf(header.Command)} with {payload.Length} bytes; no answer has more than {MaxAnswer}.");
            }

            payload.CopyTo(_answer);
            _answerLength = payload.Length;

            // Any other descriptor is closed with the next message.
            if (header.Command == VfioUserCommand.GetRegionInfo && _stream.DescriptorCount == 1)
            {
                _answerDescriptor = _stream.TakeDescriptor(0);
            }

            bool isError = (header.Flags & MessageHeader.ErrorFlag) != 0;
            Error = isError ? header.Error : 0;
            _phase = isError ? Phase.Refused : Phase.Answered;
            Monitor.PulseAll(_sync);
        }
    }

    // The address is the server's word; DmaMappings decides whether there is memory of ours.
    private void Serve(in MessageHeader header)
    {
        int length = 0;
        ErrorNumber error = ErrorNumber.Invalid;
        if ((header.Flags & ~KnownCommandFlags) == 0 && _stream.DescriptorCount == 0)
        {
            error = header.Command switch
            {
                VfioUserCommand.DmaRead => ReadMemory(_stream.Payload, out length),
                VfioUserCommand.DmaWrite => WriteMemory(_stream.Payload, out length),
                _ => ErrorNumber.NotImplemented,
            };
        }

        if (!header.WantsReply)
        {
            return;
        }

        if (error == ErrorNumber.None)
        {
            _stream.SendReply(header, length);
        }
        else
        {
            _stream.SendError(header, error);
        }
    }

    private ErrorNumber ReadMemory(ReadOnlySpan<byte> payload, out int length)
    {
        length = 0;
        if (payload.Length != AccessLength)
        {
            return ErrorNumber.Invalid;
        }

        ulong count = Long(payload, 8);
        if (count > MessageStream.MaxTransfer)
        {
            return ErrorNumber.TooLong;
        }

        if (!Memory.TryRead(Long(payload, 0), _stream.ReplyPayload.Slice(AccessLength, (int)count)))
        {
            return ErrorNumber.NoDevice;
        }

        payload.CopyTo(_stream.ReplyPayload);
        length = AccessLength + (int)count;
        return ErrorNumber.None;
    }

    private ErrorNumber WriteMemory(ReadOnlySpan<byte> payload, out int length)
    {
        length = AccessLength;
        if (payload.Length < AccessLength || Long(payload, 8) != (ulong)(payload.Length - AccessLength))
        {
            return ErrorNumber.Invalid;
        }

        payload[..AccessLength].CopyTo(_stream.ReplyPayload);
        return Memory.TryWrite(Long(payload, 0), payload[AccessLength..]) ? ErrorNumber.None : ErrorNumber.NoDevice;
    }
}
