using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Subjects;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>
/// What is held when: every search of the product checks it, this one where a client's code goes on after each kind of wait.
/// The wrong subjects show that the checks find what they are for.
/// </summary>
public class LockOrderTests(ITestOutputHelper output) : SearchTests(output, more: 0)
{
    [Theory]
    [InlineData("read")]
    [InlineData("write")]
    [InlineData("poll")]
    [UciClause(101, "Client code and continuations never run on the completion thread nor under an internal lock, and no lock but a turn is held across a call into the core.", Departure = "The turn in which nodes are published and withdrawn spans the observer's calls too, so that an observer hears of one change at a time, in order.")]
    public void UCI_101_LocksAreTakenInOneOrderAndNoneIsHeldAcrossTheCoreOrAClient(string awaited)
    {
        Explore(awaited == "write" ? 0 : 1, Scenario(awaited, inline: false));

        // Withdrawing takes the host's turn, and the node's lock in it: the record is of what the searches do.
        Assert.Contains("UciHost > UciNode", Locks.Pairs);
        foreach (string pair in Locks.Pairs)
        {
            WriteLine(pair);
        }
    }

    [Fact]
    public void WrongSubject_WorkRunsWhereItIsAskedFor_AClientOnTheCompletionThreadIsFound()
    {
        SearchResult result = Search.Exhaust(Scenario("read", inline: true), preemptions: 1);
        Assert.Contains("runs on the completion thread", result.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongSubject_WorkRunsWhereItIsAskedFor_WorkUnderTheLockOfItsSetIsFound()
    {
        // A close signals the handle's operations under the lock of their set, which an operation that ends takes too.
        SearchResult result = Search.Exhaust(
            Bed.Scenario(new BedOptions(), static bed =>
            {
                UciHandle handle = bed.Open();
                ValueTask<UciPollEvents> poll = handle.PollAsync(UciPollEvents.In);
                bed.Execution.RunsWorkInline = true;
                bed.Close(handle);
                _ = bed.Wait(poll, "poll");
            }),
            preemptions: 0);
        Assert.Contains("takes the lock of OperationSet under that of OperationSet", result.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongSubject_CanceledUnderALock_AClientUnderItIsFound()
    {
        SearchResult result = Search.Exhaust(
            Bed.Scenario(new BedOptions(), static bed =>
            {
                UciHandle handle = bed.Open();
                using var source = new CancellationTokenSource();
                ValueTask<int> read = handle.ReadAsync(new byte[4], source.Token);
                bed.Execution.RunsWorkInline = true;
                using (new ControlledLock("wrong").EnterScope())
                {
                    bed.Execution.Cancel(source);
                }

                _ = bed.Wait(read, "read");
            }),
            preemptions: 0);
        Assert.Contains("runs a client's code (Complete) and holds the lock of wrong", result.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongSubject_LockAcrossTheCore_IsFound()
    {
        SearchResult result = Search.Exhaust(
            Bed.Scenario(new BedOptions(), static bed =>
            {
                UciHandle handle = bed.Open();
                using (new ControlledLock("wrong").EnterScope())
                {
                    _ = handle.TrySend([1], out _);
                }
            }),
            preemptions: 0);
        Assert.Contains("calls into the core (Enter) and holds the lock of wrong", result.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongSubject_TwoLocksInTwoOrdersAndNeverAtOnce_IsFoundAllTheSame()
    {
        SearchResult result = Search.Exhaust(
            static execution =>
            {
                var first = new ControlledLock("first");
                var second = new ControlledLock("second");
                execution.Race(("a", () => TakeBoth(first, second)));
                execution.Race(("b", () => TakeBoth(second, first)));
            },
            preemptions: 0);
        Assert.StartsWith("lock order: b at ", result.Failure?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void WrongSubject_ThreeLocksInACircle_IsFoundOverSeveralSearches()
    {
        var locks = new LockOrder();
        Assert.Null(Take("a", "b"));
        Assert.Null(Take("b", "c"));
        Assert.Contains("takes the lock of a under that of c", Take("c", "a"), StringComparison.Ordinal);
        Assert.Equal(["a > b", "b > c", "c > a"], locks.Pairs);

        string? Take(string outer, string inner) => Search.Exhaust(
            execution => TakeBoth(new ControlledLock(outer), new ControlledLock(inner)), preemptions: 0, locks: locks).Failure?.Reason;
    }

    // A client awaits; what it does then uses the node, waits in it, and closes it.
    private static Action<Execution> Scenario(string awaited, bool inline) => Bed.Scenario(new BedOptions { PoolDepth = 2, Holds = awaited == "write" }, bed =>
    {
        UciHandle handle = bed.Open();
        UciHandle other = bed.Open();
        for (int queued = 0; queued < 2 && awaited == "write"; queued++)
        {
            Assert.Equal(4, handle.Write(new byte[4]));
        }

        bed.Execution.RunsWorkInline = inline;
        bool isClosed = false;
        bed.Execution.Race(
            ("client", Await),
            ("device", LetGoAndSend));
        bed.Execution.Settle();
        Assert.True(isClosed);
        bed.Execution.Race(("closer", () => bed.Close(other)), ("remover", bed.Remove));

        void LetGoAndSend()
        {
            bed.Device.LetGo();
            bed.Device.Send(1);
        }

        void Await()
        {
            switch (awaited)
            {
                case "read":
                    Continue(handle.ReadAsync(new byte[4]));
                    break;
                case "write":
                    Continue(handle.WriteAsync(new byte[4]));
                    break;
                default:
                    Continue(handle.PollAsync(UciPollEvents.In));
                    break;
            }
        }

        void Continue<T>(ValueTask<T> task)
        {
            ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter awaiter = task.ConfigureAwait(false).GetAwaiter();
            if (awaiter.IsCompleted)
            {
                GoOn();
            }
            else
            {
                awaiter.UnsafeOnCompleted(GoOn);
            }

            void GoOn()
            {
                _ = awaiter.GetResult();
                Assert.Equal(4, handle.Write(new byte[4]));
                if (awaited != "read")
                {
                    Assert.Equal(1, handle.Read(new byte[4]));
                }

                handle.Flush();
                bed.Close(handle);
                isClosed = true;
            }
        }
    });

    private static void TakeBoth(ControlledLock outer, ControlledLock inner)
    {
        using (outer.EnterScope())
        using (inner.EnterScope())
        {
        }
    }
}
