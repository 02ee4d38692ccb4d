using System;
using System.Linq;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>
/// The defects that an exhaustive search is known to find in the seed driver. Each scenario is run twice: on a model of that
/// driver, where the search must find the defect, and on the product, where it must not.
/// </summary>
public class DefectTests(ITestOutputHelper output) : SearchTests(output, more: 0)
{
    [Fact]
    public void D01_TwoFirstOpensAtOnce_BothSucceedAndNothingRuns() => Find("Assert.True() Failure", new BedOptions(), static subject =>
    {
        subject.Execution.Race(("first", () => subject.Open()), ("second", () => subject.Open()));
        Assert.True(subject.Runs);
    });

    [Fact]
    public void D02_FirstOpenFailsWhileAnotherIsQueued_TheOtherSucceedsOnAStoppedChannel() => Find("Assert.Equal() Failure", new BedOptions { RefusedStarts = 1 }, static subject =>
    {
        object? first = null;
        object? second = null;
        subject.Execution.Race(("first", () => first = subject.TryOpen()), ("second", () => second = subject.TryOpen()));
        Assert.Equal(first is not null || second is not null, subject.Runs);
    });

    [Fact]
    public void D03_TwoLastClosesAtOnce_NothingStops() => Find("Assert.False() Failure", new BedOptions(), static subject =>
    {
        object first = subject.Open();
        object second = subject.Open();
        subject.Execution.Race(("first", () => subject.Close(first)), ("second", () => subject.Close(second)));
        Assert.False(subject.Runs);
    });

    [Fact]
    public void D04_LastCloseAgainstAnOpen_TheOpenedFileIsDead() => Find("Assert.True() Failure", new BedOptions(), static subject =>
    {
        object last = subject.Open();
        object? opened = null;
        subject.Execution.Race(("closer", () => subject.Close(last)), ("opener", () => opened = subject.TryOpen()));
        Assert.True(opened is null || subject.Runs);
    });

    [Fact]
    public void D04_LastCloseAgainstAnOpen_TheNodeIsWedged() => Find("Assert.NotNull() Failure", new BedOptions(), static subject =>
    {
        object last = subject.Open();
        object? opened = null;
        subject.Execution.Race(("closer", () => subject.Close(last)), ("opener", () => opened = subject.TryOpen()));
        Assert.NotNull(opened);
    });

    [Fact]
    public void D14_TwoReadersAndOnePacket_TheLoserFails() => Find("EIO", new BedOptions(), static subject =>
    {
        object file = subject.Open();
        LogicalThread[] threads = subject.Execution.RaceToRest(
            ("first", () => Assert.Single(subject.Read(file, 4))),
            ("second", () => Assert.Single(subject.Read(file, 4))),
            ("sender", () => subject.Send(1)));
        subject.Send(2);
        subject.Execution.Join(threads);
    }, preemptions: 1);

    [Fact]
    public void D15_TwoReadersOfHalfAPacketEach_OneSleepsOn() => Find("deadlock", new BedOptions(), static subject =>
    {
        object file = subject.Open();
        subject.Execution.Race(
            ("sender", () => subject.Send(1, 2, 3, 4)),
            ("first", () => Assert.Equal(2, subject.Read(file, 2).Length)),
            ("second", () => Assert.Equal(2, subject.Read(file, 2).Length)));
    });

    [Fact]
    public void D28_TwoWritersOfSeveralDescriptors_TheirPacketsMix() => Find("Assert.All() Failure", new BedOptions { Elements = 8 }, static subject =>
    {
        object file = subject.Open();
        subject.Execution.Race(
            ("first", () => subject.Write(file, [1, 1, 1, 1, 1, 1])), ("second", () => subject.Write(file, [2, 2, 2, 2, 2, 2])));
        subject.Execution.Settle();
        Assert.All(subject.Received, static packet => Assert.True(packet.All(each => each == packet[0])));
    });

    [Fact]
    public void D29_TwoWritersAndTheLastDescriptors_OneFailsInTheMiddle() => Find("ENOMEM", new BedOptions { PoolDepth = 1 }, static subject =>
    {
        object file = subject.Open();
        subject.Execution.Race(
            ("first", () => subject.Write(file, [1, 1, 1, 1, 1, 1])), ("second", () => subject.Write(file, [2, 2, 2, 2, 2, 2])));
        subject.Execution.Settle();
        Assert.Equal(12, subject.Received.Sum(static packet => packet.Length));
    });

    [Fact]
    public void D29_TwoWritersAndTheLastDescriptors_BothHang() => Find("deadlock", new BedOptions { PoolDepth = 2 }, static subject =>
    {
        object file = subject.Open();
        subject.Execution.Race(
            ("first", () => subject.TryWrite(file, [1, 1, 1, 1, 1, 1])), ("second", () => subject.TryWrite(file, [2, 2, 2, 2, 2, 2])));
    });

    /// <summary>The search finds the defect in the seed driver, its schedule leads there again, and the product has no such schedule.</summary>
    private void Find(string symptom, BedOptions options, Action<Subject> body, int preemptions = 2)
    {
        Action<Execution> seed = Subject.OfSeed(options, body);
        Assert.Null(Search.Replay(seed, ""));

        SearchResult result = Search.Exhaust(seed, preemptions);
        Assert.NotNull(result.Failure);
        WriteLine($"Found with schedule {result.Schedules}: {result.Failure}");
        Assert.Contains(symptom, result.Failure.Reason, StringComparison.Ordinal);
        Assert.Equal(result.Failure, Search.Replay(seed, result.Failure.Schedule));

        SearchResult walk = Search.Walk(seed, seed: 1, schedules: 10_000);
        Assert.Contains(symptom, walk.Failure?.Reason, StringComparison.Ordinal);
        Explore(preemptions, Subject.OfProduct(options, body));
    }
}
