using System;
using System.Collections.Generic;
using Mhi.Interleavings.Scheduling;
using Mhi.Uci.Waiting;
using Xunit;
using Xunit.Abstractions;

namespace Mhi.Interleavings.Scenarios;

/// <summary>The turn queue alone, in every order there is.</summary>
public class TurnQueueTests(ITestOutputHelper output) : SearchTests(output, more: 0)
{
    [Theory]
    [InlineData("QQ")]
    [InlineData("QL")]
    [InlineData("LL")]
    [InlineData("TQ")]
    [InlineData("TL")]
    public void Turn_TwoInEveryOrder_OneHolderAndNobodyOvertakes(string users) => Explore(int.MaxValue, Scenario(users));

    [Theory]
    [InlineData("QQQ")]
    [InlineData("QQL")]
    [InlineData("QLL")]
    [InlineData("LLL")]
    [InlineData("TQL")]
    [InlineData("TTQ")]
    public void Turn_Three_OneHolderAndNobodyOvertakes(string users) => Explore(2, Scenario(users));

    [Theory]
    [InlineData("QQQ")]
    [InlineData("TQL")]
    [InlineData("TTQ")]
    [Trait("Category", "Slow")]
    public void Turn_ThreeInEveryOrder_OneHolderAndNobodyOvertakes(string users) => Explore(int.MaxValue, Scenario(users));

    // Q queues and waits for its turn, L queues and leaves unless it was granted meanwhile, T only tries.
    private static Action<Execution> Scenario(string users) => execution =>
    {
        var queue = new TurnQueue();
        var pool = new OperationPool();
        var line = new Queue<UciOperation>();
        int holders = 0;
        int served = 0;
        (string, Action)[] bodies = new (string, Action)[users.Length];
        for (int i = 0; i < users.Length; i++)
        {
            char user = users[i];
            var operation = new UciOperation(pool);
            bodies[i] = ($"{user}{i}", () => Use(user, operation));
        }

        execution.Race(bodies);
        Assert.Empty(line);
        Assert.True(served >= users.Replace("L", "", StringComparison.Ordinal).Replace("T", "", StringComparison.Ordinal).Length);
        Assert.True(queue.TryTake(), "The turn is lost.");

        void Use(char user, UciOperation operation)
        {
            if (user == 'T' ? queue.TryTake() : TakeInTurn(operation, leaves: user == 'L'))
            {
                Assert.Equal(1, ++holders);
                SchedulePoint.Hit();
                Assert.Equal(1, holders--);
                served++;
                queue.Release();
            }
        }

        bool TakeInTurn(UciOperation operation, bool leaves)
        {
            if (queue.TakeOrQueue(operation))
            {
                return true;
            }

            // Nothing comes between the queueing and this: the lock's end is no place to switch.
            line.Enqueue(operation);
            if (leaves)
            {
                if (queue.TryLeave(operation))
                {
                    Remove(operation);
                    return false;
                }
            }

            execution.Block(() => operation.IsGranted, "grant");
            Assert.Same(operation, line.Dequeue());
            operation.IsGranted = false;
            return true;
        }

        void Remove(UciOperation operation)
        {
            for (int left = line.Count; left > 0; left--)
            {
                UciOperation first = line.Dequeue();
                if (first != operation)
                {
                    line.Enqueue(first);
                }
            }
        }
    };
}
