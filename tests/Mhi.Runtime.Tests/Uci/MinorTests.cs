using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

public class MinorTests
{
    [Fact]
    [UciClause(8, "Minor numbers are 0 to 127, the lowest free one is taken, and one channel too many is refused alone.")]
    public void UCI_008_OneTooManyIsRefusedAlone()
    {
        // 128 channels: 5 and 1, so that minor number 5 can be freed by itself, and twice 61.
        using PromptHost first = Device("first", 5);
        using PromptHost sixth = Device("sixth", 1);
        using PromptHost third = Device("third", 61);
        using PromptHost fourth = Device("fourth", 61);
        using PromptHost tooMany = Device("tooMany", 1);
        using PromptHost next = Device("next", 1);
        using var host = new UciHost(new UciHostOptions
        {
            Table = new UciTable(Names(61).Select(static name => new UciTableEntry(name, 64))),
            Linger = TimeSpan.Zero,
        });
        host.Start();
        host.Attach(first.Controller);
        host.Attach(sixth.Controller);
        host.Attach(third.Controller);
        host.Attach(fourth.Controller);
        Assert.Equal(Enumerable.Range(0, 128), host.Nodes.Select(node => node.Minor));

        UciIOException refusal = Assert.Throws<UciIOException>(() => host.Attach(tooMany.Controller));
        Assert.Equal(UciErrno.NoSpace, refusal.ErrorCode);
        Assert.Same(refusal, Assert.Single(host.Refusals).Reason);
        Assert.Equal(128, host.Nodes.Count);
        for (int minor = 0; minor < 128; minor++)
        {
            using UciHandle handle = host.Open(minor);
            OpenBed.AssertEchoes(handle);
        }

        host.Remove(sixth.Controller);
        host.Attach(next.Controller);
        Assert.Equal("mhi_next_C0", host.Nodes[5].Name);
        Assert.Equal(5, host.Nodes[5].Minor);
    }

    [Fact]
    [UciClause(9, "A second node of the same name is refused and leaves no trace.")]
    public void UCI_009_SameNameIsRefused()
    {
        using var bed = new OpenBed();
        using UciHandle handle = bed.Open();
        using var twin = new PromptHost(bed.Controller.Name);
        using var other = new PromptHost("other");
        UciIOException refusal = Assert.Throws<UciIOException>(() => bed.Host.Attach(twin.Controller));
        Assert.Equal(UciErrno.Exists, refusal.ErrorCode);
        Assert.Same(bed.Node, Assert.Single(bed.Host.Nodes));
        OpenBed.AssertEchoes(handle);

        bed.Host.Attach(other.Controller);
        Assert.Equal([0, 1], bed.Host.Nodes.Select(node => node.Minor));
        bed.Host.Remove(twin.Controller);
        Assert.Equal(2, bed.Host.Nodes.Count);
        OpenBed.AssertEchoes(handle);
        Assert.Empty(twin.Device.Commands);
    }

    [Fact]
    public void Refusals_OfTheSameNameAgainAndAgain_AreOneEntry()
    {
        using var bed = new OpenBed();
        using var twin = new PromptHost(bed.Controller.Name);
        for (int i = 0; i < 3; i++)
        {
            UciIOException refusal = Assert.Throws<UciIOException>(() => bed.Host.Attach(twin.Controller));
            Assert.Same(refusal, Assert.Single(bed.Host.Refusals).Reason);
            bed.Host.Remove(twin.Controller);
        }
    }

    [Fact]
    [UciClause(13, "A minor number is free at once after removal, whatever handles of the old device are open.")]
    public void UCI_013_MinorIsReusedUnderAnOpenHandle()
    {
        using var bed = new OpenBed();
        using var successor = new PromptHost("successor");
        using UciHandle old = bed.Open();
        Assert.True(bed.Device.Deliver(OpenBed.Downlink, [1, 2, 3]));
        OpenBed.WaitUntil(() => bed.Node.Counters.PendingBuffers == 1, "the packet arrives");
        bed.Host.Remove(bed.Controller);
        bed.Host.Attach(successor.Controller);
        Assert.Equal(old.Node.Minor, Assert.Single(bed.Host.Nodes).Minor);

        using UciHandle handle = bed.Host.Open(old.Node.Minor);
        Assert.Equal("mhi_successor_LOOPBACK", handle.Name);
        OpenBed.AssertEchoes(handle);
        byte[] buffer = new byte[10];
        Assert.Equal(3, old.Read(buffer, UciBed.Long));
        Assert.Equal([1, 2, 3], buffer[..3]);
        Assert.Throws<UciDeviceRemovedException>(() => old.Read(buffer, UciBed.Long));
        old.Dispose();
        OpenBed.AssertEchoes(handle);
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(static i => $"C{i}");

    private static PromptHost Device(string name, int channels) => new(name, TestProfile.Of(2, [.. Names(channels)]));
}
