using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Endpoint.Tests.VfioUser.Infrastructure;
using Mhi.Endpoint.VfioUser;
using Mhi.Interop.Sockets;
using Mhi.Interop.Threading;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

public sealed class InterruptTests
{
    private const uint Set = 0x24;
    private const uint None = 0x21;

    [Fact]
    public void Vectors_SignalTheDescriptorsTheyWereGivenLast()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var first = new EventFd();
        using var second = new EventFd();
        Give(client, 3, first);
        Give(client, 3, second);

        served.Device.Vectors.Raise(3);

        Assert.False(first.Drain());
        Assert.True(second.Drain());
    }

    [Fact]
    public void InterruptWhileTheDescriptorIsAway_ArrivesWithTheNext()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var descriptor = new EventFd();
        Give(client, 0, descriptor);
        Assert.Equal(0u, client.SetInterrupts(None, 1, 0, 0));
        served.Device.Vectors.Raise(0);
        Assert.False(descriptor.Drain());

        Give(client, 0, descriptor);

        Assert.True(descriptor.Drain());
    }

    [Fact]
    public void ManyVectorsAtOnce_EachGetItsOwnDescriptor()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        EventFd[] descriptors = [.. Enumerable.Range(0, 16).Select(_ => new EventFd())];
        FileDescriptor[] shared = [.. descriptors.Select(descriptor => descriptor.Share())];
        Assert.Equal(0u, client.SetInterrupts(Set, 1, 16, 16, shared));

        served.Device.Vectors.Raise(21);

        Assert.Equal([5], Enumerable.Range(0, 16).Where(i => descriptors[i].Drain()));
        Assert.Equal(0u, client.SetInterrupts(Set, 1, 16, 6));
        Assert.Equal(0u, client.SetInterrupts(None, 1, 21, 2));
        Assert.Equal([6], Enumerable.Range(0, 16).Where(i => descriptors[i].Drain()));
        foreach (int i in Enumerable.Range(0, 16))
        {
            descriptors[i].Dispose();
            shared[i].Dispose();
        }
    }

    [Fact]
    public void ClientFiresVectorsByFlags()
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var descriptor = new EventFd();
        Give(client, 1, descriptor);

        _ = client.Call(8, [21, 0, 0, 0, 0x22, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
        Assert.False(descriptor.Drain());
        _ = client.Call(8, [21, 0, 0, 0, 0x22, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]);

        Assert.True(descriptor.Drain());
    }

    [Theory]
    [InlineData(Set, 1u, 31u, 2u, 2)]
    [InlineData(Set, 1u, 33u, 0u, 0)]
    [InlineData(Set, 1u, 0u, 3u, 2)]
    [InlineData(Set, 0u, 0u, 1u, 1)]
    [InlineData(Set, 2u, 0u, 1u, 1)]
    [InlineData(Set, 5u, 0u, 1u, 1)]
    [InlineData(0x0cu, 1u, 0u, 1u, 1)]
    [InlineData(0x3fu, 1u, 0u, 1u, 1)]
    public void RequestThatDoesNotFit_IsRefused(uint flags, uint index, uint start, uint count, int descriptors)
    {
        using var served = new ServedDevice();
        using VfioUserClient client = served.Attach();
        using var descriptor = new EventFd();
        using FileDescriptor shared = descriptor.Share();

        Assert.Equal(22u, client.SetInterrupts(flags, index, start, count, [.. Enumerable.Repeat(shared, descriptors)]));
    }

    [Fact]
    public async Task ReplacingADescriptorWhileTheDeviceRaises_LosesNoneAndDisturbsNobody()
    {
        using var table = new VectorTable(1);
        using var counter = new EventFd();
        bool stop = false;
        Task raising = Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                table.Raise(0);
            }
        });
        for (int i = 0; i < 2000; i++)
        {
            using FileDescriptor descriptor = counter.Share();
            table.Assign(0, descriptor.ToEventFd());
            table.Assign(0, null);
        }

        Volatile.Write(ref stop, true);
        await raising;
        _ = counter.Drain();
        table.Assign(0, null);
        table.Raise(0);
        using FileDescriptor last = counter.Share();
        table.Assign(0, last.ToEventFd());

        Assert.True(counter.Drain());
    }

    private static void Give(VfioUserClient client, uint vector, EventFd descriptor)
    {
        using FileDescriptor shared = descriptor.Share();
        Assert.Equal(0u, client.SetInterrupts(Set, 1, vector, 1, shared));
    }
}
