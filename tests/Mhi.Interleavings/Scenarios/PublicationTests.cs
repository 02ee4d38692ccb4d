using System;
using System.Collections.Generic;
using System.Linq;
using Mhi.Interleavings.Subjects;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>A node is published, or is not after all, while somebody looks for it: each step of it may take for ever.</summary>
public class PublicationTests : SearchTests
{
    public PublicationTests(ITestOutputHelper output)
        : this(output, more: 0)
    {
    }

    private protected PublicationTests(ITestOutputHelper output, int more)
        : base(output, more)
    {
    }

    [Theory]
    [InlineData("name")]
    [InlineData("minor")]
    [InlineData("list")]
    [UciClause(10, "A node becomes visible only when it is complete.")]
    public void UCI_010_LookedForAsItIsPublished_IsAbsentOrUsable(string by)
    {
        HashSet<bool> seen = [];
        Explore(3, Bed.Scenario(new BedOptions { IsAbsent = true }, bed =>
        {
            UciHandle? handle = null;
            bed.OnPublished = _ => bed.Execution.Hit("observer");
            bed.Execution.Race(("attacher", bed.Attach), ("opener", OpenAndWrite));
            _ = seen.Add(handle is not null);
            handle ??= Open(bed, by);
            AssertWorks(bed, handle!);
            bed.Close(handle!);

            // What is found is complete, whatever is left to do of the publication.
            void OpenAndWrite()
            {
                handle = Open(bed, by);
                if (handle is not null)
                {
                    Assert.Equal(1, handle.Write([7]));
                }
            }
        }));
        Assert.Equal(2, seen.Count);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("minor")]
    [InlineData("list")]
    [UciClause(11, "A failed publication releases everything, also when somebody tries to open meanwhile.")]
    public void UCI_011_LookedForAsItIsRefused_IsAbsentAndNothingIsLeft(string by)
    {
        Explore(3, Bed.Scenario(new BedOptions { IsAbsent = true }, bed =>
        {
            UciHandle? handle = null;
            bed.OnPublished = _ => Refuse(bed);
            bed.Execution.Race(("attacher", () => AssertRefused(bed)), ("opener", () => handle = Open(bed, by)));
            Assert.Null(handle);
            AssertNothingIsLeft(bed);
        }));
    }

    [Fact]
    [UciClause(11, "A failed publication releases everything, also when somebody tries to open meanwhile.")]
    public void UCI_011_OpenedBeforeItIsRefused_TheHandleIsDeadAndNothingIsLeft()
    {
        HashSet<bool> seen = [];
        Explore(3, Bed.Scenario(new BedOptions { IsAbsent = true }, bed =>
        {
            UciNode? early = null;
            UciHandle? handle = null;
            bed.OnPublished = node =>
            {
                early = node;
                Refuse(bed);
            };
            bed.Execution.Race(("attacher", () => AssertRefused(bed)), ("opener", OpenEarly));
            _ = seen.Add(handle is not null);
            if (handle is not null)
            {
                _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Write([1]));
                _ = Assert.Throws<UciDeviceRemovedException>(() => handle.Read(new byte[1]));
                bed.Close(handle);
            }

            Assert.Equal(0, early!.Counters.OpenHandles);
            AssertNothingIsLeft(bed);

            void OpenEarly()
            {
                bed.Execution.Block(() => early is not null, "the node");
                handle = OrAbsent(() => bed.Wait(early!.OpenAsync(), "open"));
            }
        }));
        Assert.Equal(2, seen.Count);
    }

    private static UciHandle? Open(Bed bed, string by) => OrAbsent(() => by switch
    {
        "name" => bed.Open(),
        "minor" => bed.OpenByMinor(0),
        _ => bed.Nodes.SingleOrDefault() is { } node ? bed.Wait(node.OpenAsync(), "open") : null,
    });

    private static UciHandle? OrAbsent(Func<UciHandle?> open)
    {
        try
        {
            return open();
        }
        catch (UciNodeNotFoundException)
        {
            return null;
        }
    }

    private static void Refuse(Bed bed)
    {
        bed.Execution.Hit("observer");
        throw new UciIOException(UciErrno.NoSpace, "Injected.");
    }

    private static void AssertRefused(Bed bed)
    {
        UciIOException exception = Assert.Throws<UciIOException>(bed.Attach);
        Assert.Equal(UciErrno.NoSpace, exception.ErrorCode);
    }

    // Neither a name, a number, a registration nor a channel: the next publication has them all.
    private static void AssertNothingIsLeft(Bed bed)
    {
        bed.Execution.Settle();
        Assert.Empty(bed.Nodes);
        Assert.Equal(0, bed.Controller.ObserverCount);
        Assert.False(bed.Device.Runs);
        bed.OnPublished = null;
        bed.Attach();
        Assert.Equal(0, bed.Node.Minor);
        Assert.Equal(1, bed.Controller.ObserverCount);
        UciHandle handle = bed.Open();
        AssertWorks(bed, handle);
        bed.Close(handle);
    }

    private static void AssertWorks(Bed bed, UciHandle handle)
    {
        Assert.Equal(1, handle.Write([7]));
        bed.Execution.Settle();
        Assert.Equal([7], bed.Device.Received[^1]);
        bed.Device.Send(8, 9);
        byte[] buffer = new byte[4];
        Assert.Equal(2, handle.Read(buffer));
        Assert.Equal([8, 9], buffer[..2]);
    }
}
