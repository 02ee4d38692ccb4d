using System;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

/// <summary>A character device behind a kernel made by the test: node number 0, one thread, no directory.</summary>
public class CharacterNodeTests
{
    [Fact]
    public void Requests_OfNodeZero_AreServed()
    {
        var kernel = new FakeKernel();
        var faults = new ServerFaults();
        var closer = new HandleCloser(faults);
        var stream = new MemoryNode("mhi_0_TEST");
        var node = new CharacterNode(stream, kernel, new NodeServerOptions { Farewell = TimeSpan.Zero }, closer, faults);
        kernel.Ask(Request.Make(Opcode.Open, 2, 0, new OpenRequest { Flags = Desk.ReadWrite }));
        ulong file = Request.Body<OpenReply>(kernel.TakeReply(2)).Handle;
        kernel.Ask(Request.Write(4, file, [1, 2]));
        Assert.Equal(2u, Request.Body<WriteReply>(kernel.TakeReply(4)).Size);
        kernel.Ask(Request.Read(6, file, 10));
        stream.Push([3]);
        Assert.Equal([3], kernel.TakeReply(6)[16..]);
        kernel.Ask(Request.Read(8, file, 10));

        // One thread: when the poll is answered, the read is parked.
        kernel.Ask(Request.Poll(10, file, 1, 0x41));
        _ = kernel.TakeReply(10);
        node.Dispose();
        Assert.Equal(Errno.NoDevice, Request.Error(kernel.TakeReply(8)));
        Assert.True(closer.Wait(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, stream.Closed);
    }
}
