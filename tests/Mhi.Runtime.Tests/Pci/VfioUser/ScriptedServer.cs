using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Mhi.Interop;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Mhi.Pci.VfioUser;
using Mhi.Pci.VfioUser.Protocol;
using Mhi.Profiles;
using static Mhi.Pci.VfioUser.Protocol.WireFormat;

namespace Mhi.Runtime.Tests.Pci.VfioUser;

/// <summary>A server of the smallest kind that works, whose every answer a test may change before it is sent.</summary>
internal sealed class ScriptedServer : IDisposable
{
    internal const int BarLength = 0x1000;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly EventFd _stop = new();
    private readonly LocalSocket _socket;
    private readonly LocalSocket _client;
    private readonly MessageStream _stream;
    private readonly BlockingCollection<(MessageHeader Header, byte[] Payload)> _replies = [];
    private Task? _serving;
    private ushort _id = 1000;

    internal ScriptedServer()
    {
        (_socket, _client) = LocalSocket.CreatePair();
        _stream = new MessageStream(_socket, _stop, "The client");
        var identity = KnownProfiles.FoxconnT99W175.Identity;
        BinaryPrimitives.WriteUInt16LittleEndian(Config, identity.Vendor);
        BinaryPrimitives.WriteUInt16LittleEndian(Config.AsSpan(2), identity.Device);
        BinaryPrimitives.WriteUInt16LittleEndian(Config.AsSpan(0x2c), identity.SubsystemVendor);
        BinaryPrimitives.WriteUInt16LittleEndian(Config.AsSpan(0x2e), identity.SubsystemDevice);
    }

    internal string Capabilities { get; set; } = "{\"capabilities\":{\"max_msg_fds\":8}}\0";

    internal byte[] Version { get; set; } = [0, 0, 0, 0];

    internal uint DeviceFlags { get; set; } = DeviceHasReset | DeviceIsPci;

    internal uint Regions { get; set; } = 9;

    internal uint InterruptKinds { get; set; } = 5;

    internal ulong BarSize { get; set; } = BarLength;

    internal ulong ConfigSize { get; set; } = 4096;

    internal uint MsiVectors { get; set; } = 32;

    internal uint MsiXVectors { get; set; }

    internal byte[] Config { get; } = new byte[4096];

    internal byte[] Bar { get; } = new byte[BarLength];

    /// <summary>The whole answer of DEVICE_GET_REGION_INFO for the BAR when more is to be said than its size; argsz included.</summary>
    internal byte[]? BarDescription { get; set; }

    internal FileDescriptor? BarFile { get; set; }

    /// <summary>Commands as they came.</summary>
    internal ConcurrentQueue<(MessageHeader Header, byte[] Payload, int Descriptors)> Seen { get; } = [];

    /// <summary>Changes an answer; null sends none. The second argument counts the answers from 0.</summary>
    internal Func<byte[], int, byte[]?> Spoil { get; set; } = (answer, _) => answer;

    /// <summary>The error to answer a command with; 0 for none.</summary>
    internal Func<VfioUserCommand, uint> Refuse { get; set; } = _ => 0;

    /// <summary>Runs on the server's thread before a command is answered.</summary>
    internal Action<VfioUserCommand>? Before { get; set; }

    /// <summary>Descriptor that goes with the answer of a command, although nobody asked for it.</summary>
    internal Func<VfioUserCommand, FileDescriptor?> Attach { get; set; } = _ => null;

    internal VfioUserFunction Open(VfioUserOptions? options = null, DeviceProfile? profile = null, string place = "script")
    {
        Start();
        return VfioUserFunction.Open(_client, place, profile, options ?? new VfioUserOptions { ReplyTimeout = s_limit });
    }

    /// <summary>Starts to serve.</summary>
    internal void Start() => _serving = Task.Factory.StartNew(Serve, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Sends a command to the client; any thread but the server's. Returns error number and payload of the answer.</summary>
    internal (uint Error, byte[] Payload) Ask(VfioUserCommand command, byte[] payload)
    {
        Send(command, payload, 0);
        if (!_replies.TryTake(out (MessageHeader Header, byte[] Payload) reply, s_limit))
        {
            throw new TimeoutException("The client does not answer.");
        }

        return ((reply.Header.Flags & MessageHeader.ErrorFlag) != 0 ? reply.Header.Error : 0, reply.Payload);
    }

    /// <summary>Sends a command to the client and waits for nothing.</summary>
    internal void Send(VfioUserCommand command, byte[] payload, uint flags)
    {
        byte[] message = new byte[MessageHeader.Size + payload.Length];
        new MessageHeader(++_id, command, (uint)message.Length, flags, 0).Write(message);
        payload.CopyTo(message, MessageHeader.Size);
        _stream.Send(message);
    }

    /// <summary>Sends bytes as they are.</summary>
    internal void SendRaw(byte[] bytes) => _stream.Send(bytes);

    /// <summary>Whether another answer to the client's <see cref="Ask"/> is there.</summary>
    internal int PendingReplies => _replies.Count;

    /// <summary>Hangs up.</summary>
    internal void HangUp() => _socket.Shutdown();

    /// <summary>Waits for commands of a kind that came before the ones that a test has just caused.</summary>
    internal (MessageHeader Header, byte[] Payload, int Descriptors)[] SeenOf(VfioUserCommand command) =>
        [.. Seen.Where(seen => seen.Header.Command == command)];

    public void Dispose()
    {
        _stop.Signal();
        _ = _serving?.Wait(s_limit);
        _stream.Dispose();
        _socket.Dispose();
        _client.Dispose();
        BarFile?.Dispose();
        _replies.Dispose();
        _stop.Dispose();
    }

    private void Serve()
    {
        int answers = 0;
        try
        {
            while (_stream.TryReceive(out MessageHeader header))
            {
                byte[] payload = _stream.Payload.ToArray();
                if (header.Type == MessageHeader.TypeReply)
                {
                    _replies.Add((header, payload));
                    continue;
                }

                Seen.Enqueue((header, payload, _stream.DescriptorCount));
                Before?.Invoke(header.Command);
                byte[] answer = Answer(header, payload, out FileDescriptor? file);
                if (header.WantsReply && Spoil(answer, answers++) is { } spoiled)
                {
                    FileDescriptor? attached = Attach(header.Command) ?? file;
                    _stream.Send(spoiled, attached is null ? [] : [attached]);
                }
            }
        }
        catch (Exception exception) when (exception is ProtocolException or SystemCallException)
        {
            // The client has hung up in the middle of something.
        }

        _socket.Shutdown();
    }

    private byte[] Answer(MessageHeader header, byte[] request, out FileDescriptor? file)
    {
        file = null;
        uint error = Refuse(header.Command);
        byte[] payload = error != 0 ? [] : header.Command switch
        {
            VfioUserCommand.Version => [.. Version, .. Encoding.ASCII.GetBytes(Capabilities)],
            VfioUserCommand.GetDeviceInfo => Words(16, DeviceFlags, Regions, InterruptKinds),
            VfioUserCommand.GetRegionInfo => DescribeRegion(request, out file),
            VfioUserCommand.GetInterruptInfo => Words(16, EventDescriptors, Word(request, 8), Word(request, 8) switch { 1 => MsiVectors, 2 => MsiXVectors, _ => 0 }),
            VfioUserCommand.RegionRead => [.. request[..16], .. Space(request).AsSpan((int)Long(request, 0), (int)Word(request, 12))],
            VfioUserCommand.RegionWrite => Write(request),
            VfioUserCommand.DmaUnmap => request,
            _ => [],
        };
        byte[] answer = new byte[MessageHeader.Size + payload.Length];
        uint flags = MessageHeader.TypeReply | (error != 0 ? MessageHeader.ErrorFlag : 0);
        new MessageHeader(header.Id, header.Command, (uint)answer.Length, flags, error).Write(answer);
        payload.CopyTo(answer, MessageHeader.Size);
        return answer;
    }

    private byte[] DescribeRegion(byte[] request, out FileDescriptor? file)
    {
        file = null;
        uint region = Word(request, 8);
        if (region == 0 && BarDescription is { } whole)
        {
            bool fits = Word(request, 0) >= whole.Length;
            file = fits ? BarFile : null;
            return fits ? whole : whole[..32];
        }

        ulong size = region switch { 0 => BarSize, 7 => ConfigSize, _ => 0 };
        return [.. Words(32, size == 0 ? 0u : 3u, region, 0), .. Longs(size, 0)];
    }

    private byte[] Space(byte[] request) => Word(request, 8) == 0 ? Bar : Config;

    private byte[] Write(byte[] request)
    {
        request.AsSpan(16).CopyTo(Space(request).AsSpan((int)Long(request, 0)));
        return request[..16];
    }

    internal static byte[] Words(params uint[] values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            PutWord(bytes, i * 4, values[i]);
        }

        return bytes;
    }

    internal static byte[] Longs(params ulong[] values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
        {
            PutLong(bytes, i * 8, values[i]);
        }

        return bytes;
    }
}
