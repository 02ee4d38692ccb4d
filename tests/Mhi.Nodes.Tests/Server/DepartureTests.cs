using System;
using System.Threading.Tasks;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

/// <summary>Character devices that leave while programs have them open; their farewell is longer than any test.</summary>
public class DepartureTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Begin_TellsEveryDeviceAtOnce_AndEachLeavesWhenItIsClosed()
    {
        var departures = new Departures();
        var first = new Device("a");
        var second = new Device("b");
        ulong firstFile = first.OpenAndRead();
        ulong secondFile = second.OpenAndRead();
        departures.Begin("a", first.Node);
        departures.Begin("b", second.Node);
        Assert.Equal(Errno.NoDevice, Request.Error(first.Kernel.TakeReply(Device.ReadRequest)));
        Assert.Equal(Errno.NoDevice, Request.Error(second.Kernel.TakeReply(Device.ReadRequest)));
        departures.Wait("c");

        second.Close(secondFile);
        await Task.Run(() => departures.Wait("b")).WaitAsync(s_limit);
        Assert.True(second.Node.HasEnded);
        Assert.False(first.Node.HasEnded);

        Task rest = Task.Run(departures.WaitForAll);
        first.Close(firstFile);
        await rest.WaitAsync(s_limit);
        Assert.True(first.Node.HasEnded);
    }

    [Fact]
    public async Task Connection_ThatIsAborted_HasEnded()
    {
        var device = new Device("a");
        Assert.False(device.Node.HasEnded);
        device.Kernel.Stop();
        await Task.Run(() => Infrastructure.Mounted.Until(() => device.Node.HasEnded)).WaitAsync(s_limit);
        device.Node.Dispose();
    }

    /// <summary>A character device behind a kernel made by the test.</summary>
    private sealed class Device
    {
        public const ulong ReadRequest = 4;

        public Device(string name)
        {
            Node = new CharacterNode(new MemoryNode(name), Kernel, new NodeServerOptions { Farewell = TimeSpan.FromHours(1) }, new HandleCloser(new ServerFaults()), new ServerFaults());
        }

        public FakeKernel Kernel { get; } = new();

        public CharacterNode Node { get; }

        public ulong OpenAndRead()
        {
            Kernel.Ask(Request.Make(Opcode.Open, 2, 0, new OpenRequest { Flags = Desk.ReadWrite }));
            ulong file = Request.Body<OpenReply>(Kernel.TakeReply(2)).Handle;
            Kernel.Ask(Request.Read(ReadRequest, file, 10));

            // One thread: when the poll is answered, the read is parked.
            Kernel.Ask(Request.Poll(6, file, 1, 0x41));
            _ = Kernel.TakeReply(6);
            return file;
        }

        public void Close(ulong file) => Kernel.Ask(Request.Make(Opcode.Release, 8, 0, new ReleaseRequest { Handle = file }));
    }
}
