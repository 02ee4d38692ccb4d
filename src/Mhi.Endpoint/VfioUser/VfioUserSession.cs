using System;
using System.Text;
using Mhi.Endpoint.Logging;
using Mhi.Interop;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser.Protocol;

namespace Mhi.Endpoint.VfioUser;

/// <summary>One client's connection: its messages, one after the other.</summary>
/// <remarks>
/// A command that cannot be carried out gets an error reply and changes nothing. What leaves no doubt that the two sides do
/// not understand each other ends the connection: an impossible length, a reply to nothing, a command before VERSION.
/// </remarks>
internal sealed partial class VfioUserSession : IDisposable
{
    private const uint KnownFlags = MessageHeader.TypeMask | MessageHeader.NoReply;

    private readonly VfioUserDevice _device;
    private readonly MessageStream _stream;
    private readonly EventFd?[] _otherInterrupts = new EventFd?[InterruptKinds];
    private bool _isNegotiated;

    internal VfioUserSession(VfioUserDevice device, MessageStream stream)
    {
        _device = device;
        _stream = stream;
    }

    /// <summary>Handles messages until there are no more.</summary>
    /// <param name="stop">Ends it when signalled.</param>
    /// <returns>How it ended.</returns>
    internal ClientEnd Run(EventFd stop)
    {
        Note("vfio.connect");
        ClientEnd end = RunToEnd(stop);
        if (_device.Memory.IsGone)
        {
            // Whatever this thread met last, the device has hung up because of this.
            end = new ClientEnd(false, "The client cut a file of memory after sharing it, or the file system of that file is full.");
        }

        if (_device.Log is { } log)
        {
            using LogLine line = log.Begin("vfio.disconnect");
            line.Text("why", end.Reason);
        }

        return end;
    }

    /// <summary>Closes the event descriptors that are kept here.</summary>
    public void Dispose()
    {
        for (int i = 0; i < InterruptKinds; i++)
        {
            KeepOther(i, null);
        }
    }

    private ClientEnd RunToEnd(EventFd stop)
    {
        try
        {
            while (_stream.TryReceive(out MessageHeader header))
            {
                Handle(header);
            }

            return new ClientEnd(true, "The client closed the connection, or the server was stopped.");
        }
        catch (Exception exception) when (exception is ProtocolException or SystemCallException)
        {
            return new ClientEnd(false, exception.Message);
        }
    }

    private void Handle(in MessageHeader header)
    {
        switch (header.Type)
        {
            case MessageHeader.TypeCommand:
                break;
            case MessageHeader.TypeReply:
                _device.Messages.OnReply(header, _stream.Payload);
                return;
            default:
                throw new ProtocolException($"The client sent a message of type {header.Type}; there are only commands (0) and replies (1).");
        }

        if (!_isNegotiated && header.Command != VfioUserCommand.Version)
        {
            throw new ProtocolException($"The client sent command {(int)header.Command} before VERSION.");
        }

        int length = 0;
        ErrorNumber error = (header.Flags & ~KnownFlags) == 0 ? Execute(header, out length) : ErrorNumber.Invalid;
        if (error != ErrorNumber.None && _device.Log is { } log)
        {
            using LogLine line = log.Begin("vfio.error");
            line.Number("command", (int)header.Command);
            line.Number("err", (int)error);
        }

        if (header.WantsReply)
        {
            if (error == ErrorNumber.None)
            {
                _stream.SendReply(header, length);
            }
            else
            {
                _stream.SendError(header, error);
            }
        }

        if (!_isNegotiated)
        {
            throw new ProtocolException("The client's VERSION message is malformed, or asks for another version than 0.");
        }
    }

    private ErrorNumber Execute(in MessageHeader header, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> payload = _stream.Payload;
        switch (header.Command)
        {
            case VfioUserCommand.Version:
                return Negotiate(payload, out length);
            case VfioUserCommand.DmaMap:
                return MapDma(payload);
            case VfioUserCommand.DmaUnmap:
                return UnmapDma(payload, out length);
            case VfioUserCommand.GetDeviceInfo:
                return GetDeviceInfo(payload, out length);
            case VfioUserCommand.GetRegionInfo:
                return GetRegionInfo(payload, out length);
            case VfioUserCommand.GetInterruptInfo:
                return GetInterruptInfo(payload, out length);
            case VfioUserCommand.SetInterrupts:
                return SetInterrupts(payload);
            case VfioUserCommand.RegionRead:
                return ReadRegion(payload, out length);
            case VfioUserCommand.RegionWrite:
                return WriteRegion(payload, out length);
            case VfioUserCommand.DeviceReset:
                if (payload.Length != 0)
                {
                    return ErrorNumber.Invalid;
                }

                Note("vfio.reset");
                _device.Reset("vfio-reset");
                return ErrorNumber.None;
            default:
                return ErrorNumber.NotSupported;
        }
    }

    private ErrorNumber Negotiate(ReadOnlySpan<byte> payload, out int length)
    {
        length = 0;
        if (_isNegotiated || !VersionMessage.TryRead(payload, out ushort major, out ushort minor, out PeerCapabilities client) || major != 0)
        {
            return ErrorNumber.Invalid;
        }

        if (_device.Log is { } log)
        {
            using LogLine line = log.Begin("vfio.version");
            line.Number("major", major);
            line.Number("minor", minor);
            line.Text("caps", Encoding.UTF8.GetString(payload[4..].TrimEnd((byte)0)));
        }

        _isNegotiated = true;
        _device.Messages.Attach(_stream, client.MaxTransfer);
        length = VersionMessage.WriteReply(_stream.ReplyPayload, payload.Length);
        return ErrorNumber.None;
    }

    private void Note(string name)
    {
        if (_device.Log is { } log)
        {
            log.Begin(name).Dispose();
        }
    }
}
