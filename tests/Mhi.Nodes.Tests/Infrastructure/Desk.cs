using System;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;
using Xunit;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>A dispatcher with one node, asked by the test in the place of the kernel; nothing happens behind its back but opens.</summary>
internal sealed class Desk
{
    public const uint ReadOnly = 0;
    public const uint WriteOnly = 1;
    public const uint ReadWrite = 2;

    private readonly byte[] _buffer = new byte[0x20000];
    private ulong _unique;

    public Desk(bool isTerminal = false, bool takesWhole = false, int maxPacketLength = int.MaxValue)
    {
        Closer = new HandleCloser(Faults);
        Stream = new MemoryNode("mhi_0_TEST", isTerminal) { IsManual = true, TakesWhole = takesWhole, MaxPacketLength = maxPacketLength };
        Dispatcher = new RequestDispatcher(Kernel, Tree, Closer, Faults);
        Node = new StreamNode(Stream, Tree.TakeId(), NodePermissions.Default, Kernel);
        Assert.True(Tree.TryAdd(Node));
    }

    public FakeKernel Kernel { get; } = new();

    public NodeTree Tree { get; } = new();

    public MemoryNode Stream { get; }

    public StreamNode Node { get; }

    public RequestDispatcher Dispatcher { get; }

    public HandleCloser Closer { get; }

    public ServerFaults Faults { get; } = new();

    public ulong NextUnique() => _unique += 2;

    public void Handle(byte[] request)
    {
        request.CopyTo(_buffer, 0);
        Dispatcher.Handle(_buffer, request.Length);
    }

    public byte[] Ask(byte[] request, ulong unique)
    {
        Handle(request);
        return Kernel.TakeReply(unique);
    }

    public ulong Open(uint flags = ReadWrite)
    {
        byte[] reply = TryOpen(flags);
        Assert.Equal(0, Request.Error(reply));
        return Request.Body<OpenReply>(reply).Handle;
    }

    public byte[] TryOpen(uint flags = ReadWrite)
    {
        ulong unique = NextUnique();
        return Ask(Request.Make(Opcode.Open, unique, Node.Id, new OpenRequest { Flags = flags }), unique);
    }

    public void Release(ulong file)
    {
        ulong unique = NextUnique();
        Assert.Equal(0, Request.Error(Ask(Request.Make(Opcode.Release, unique, Node.Id, new ReleaseRequest { Handle = file }), unique)));
        Assert.True(Closer.Wait(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Begins a read.</summary>
    public ulong BeginRead(ulong file, uint size = 100, uint flags = 0, ulong offset = 0)
    {
        ulong unique = NextUnique();
        Handle(Request.Read(unique, file, size, flags, offset));
        return unique;
    }

    /// <summary>Begins a write.</summary>
    public ulong BeginWrite(ulong file, byte[] data, uint flags = 0)
    {
        ulong unique = NextUnique();
        Handle(Request.Write(unique, file, data, flags));
        return unique;
    }

    public uint Poll(ulong file, uint events, bool notify = true)
    {
        ulong unique = NextUnique();
        return Request.Body<PollReply>(Ask(Request.Poll(unique, file, file + 7, events, notify), unique)).Events;
    }

    public void Interrupt(ulong unique) => Handle(Request.Interrupt(unique));

    public bool IsParked(ulong unique) => !Kernel.HasReply(unique);

    public byte[] TakeData(ulong unique)
    {
        byte[] reply = Kernel.TakeReply(unique);
        Assert.Equal(0, Request.Error(reply));
        return reply[Wire.ReplyHeaderLength..];
    }

    public int TakeCount(ulong unique)
    {
        byte[] reply = Kernel.TakeReply(unique);
        Assert.Equal(0, Request.Error(reply));
        return (int)Request.Body<WriteReply>(reply).Size;
    }

    public int TakeError(ulong unique) => Request.Error(Kernel.TakeReply(unique));
}
