using System;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Allocation;

/// <summary>Requests of the data path, a thousand times after a warm-up: not one managed byte.</summary>
[Collection("alone")]
public class RequestAllocationTests
{
    private const int Rounds = 1000;
    private const uint NonBlocking = 0x800;

    private readonly Desk _desk = new();
    private readonly byte[] _buffer = new byte[0x20000];
    private readonly byte[] _message = new byte[1000];
    private readonly ulong _file;

    public RequestAllocationTests()
    {
        _file = _desk.Open();
        _desk.Kernel.OnlyCounts = true;
    }

    private static object? Sink { get; set; }

    [Fact]
    public void Measurement_SeesAnAllocation() => Assert.Equal(Rounds * 48, Measure(static () => Sink = new byte[24]));

    [Fact]
    public void ReadWithData()
    {
        byte[] read = Request.Read(2, _file, 4096);
        AssertNothingAllocated(() =>
        {
            _desk.Stream.Push(_message);
            Handle(read);
        });
    }

    [Fact]
    public void ReadThatIsParked()
    {
        byte[] read = Request.Read(2, _file, 4096);
        AssertNothingAllocated(() =>
        {
            Handle(read);
            Handle(read);
            _desk.Stream.Push(_message);
            _desk.Stream.Push(_message);
            CallListener();
        });
    }

    [Fact]
    public void ReadThatIsRefused()
    {
        byte[] read = Request.Read(2, _file, 4096, NonBlocking);
        AssertNothingAllocated(() => Handle(read));
    }

    [Fact]
    public void ReadThatIsInterrupted()
    {
        byte[] read = Request.Read(2, _file, 4096);
        AssertNothingAllocated(() =>
        {
            Handle(read);
            Assert.True(_desk.Node.Interrupt(2));
        });
    }

    [Fact]
    public void WriteWithRoom()
    {
        var stream = new MemoryNode("mhi_0_DROP") { IsManual = true, Keeps = false };
        AssertNothingAllocatedOn(stream, file => Request.Write(2, file, _message), static (handle, request, _) => handle(request));
    }

    [Fact]
    public void WriteThatIsParked()
    {
        var stream = new MemoryNode("mhi_0_FULL") { IsManual = true, Keeps = false };
        AssertNothingAllocatedOn(stream, file => Request.Write(2, file, _message), (handle, request, node) =>
        {
            node.Room = 0;
            handle(request);
            node.Room = 10_000;
            handle(request);
        });
    }

    [Fact]
    public void WriteThatDoesNotFit()
    {
        var stream = new MemoryNode("mhi_0_WHOLE") { IsManual = true, Keeps = false, TakesWhole = true, Room = 500 };
        AssertNothingAllocatedOn(stream, file => Request.Write(2, file, _message, NonBlocking), (handle, request, node) =>
        {
            handle(request);
            node.Room = 500;
            node.CallFirstListener();
        });
    }

    [Fact]
    public void PollThatIsNotified()
    {
        byte[] poll = Request.Poll(2, _file, 9, 0x41);
        byte[] read = Request.Read(4, _file, 4096);
        AssertNothingAllocated(() =>
        {
            Handle(poll);
            _desk.Stream.Push(_message);
            CallListener();
            Handle(read);
        });
    }

    private void AssertNothingAllocatedOn(MemoryNode stream, Func<ulong, byte[]> request, Action<Action<byte[]>, byte[], MemoryNode> round)
    {
        _desk.Kernel.OnlyCounts = false;
        var node = new Mhi.Nodes.Server.StreamNode(stream, _desk.Tree.TakeId(), NodePermissions.Default, _desk.Kernel);
        Assert.True(_desk.Tree.TryAdd(node));
        byte[] open = _desk.Ask(Request.Make(Opcode.Open, 5000, node.Id, new OpenRequest { Flags = Desk.ReadWrite }), 5000);
        _desk.Kernel.OnlyCounts = true;
        byte[] bytes = request(Request.Body<OpenReply>(open).Handle);
        Action<byte[]> handle = Handle;
        AssertNothingAllocated(() => round(handle, bytes, stream));
    }

    private void Handle(byte[] request)
    {
        request.CopyTo(_buffer, 0);
        _desk.Dispatcher.Handle(_buffer, request.Length);
    }

    private void CallListener() => _desk.Stream.CallFirstListener();

    private static void AssertNothingAllocated(Action round) => Assert.Equal(0, Measure(round));

    private static long Measure(Action round)
    {
        for (int i = 0; i < 200; i++)
        {
            round();
        }

        // A collection meanwhile counts the rest of the thread's allocation block as used; what the rounds allocate, they
        // allocate every time.
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Rounds; i++)
            {
                round();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
