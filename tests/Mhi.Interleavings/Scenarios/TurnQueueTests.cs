using System;
using System.Linq;
using Mhi.Controller;
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
        int holders = 0;
        int served = 0;
        UciOperation[] operations = [.. users.Select(_ => new UciOperation(pool))];
        (string, Action)[] bodies = new (string, Action)[users.Length];
        for (int i = 0; i < users.Length; i++)
        {
            char user = users[i];
            UciOperation operation = operations[i];
            bodies[i] = ($"{user}{i}", () => Use(user, operation));
        }

        execution.Race(bodies);
        Assert.DoesNotContain(operations, static operation => operation.IsQueued);
        Assert.True(served >= users.Replace("L", "", StringComparison.Ordinal).Replace("T", "", StringComparison.Ordinal).Length);
        Assert.True(queue.TryTake(), "The turn is lost.");

        void Use(char user, UciOperation operation)
        {
            UciOperation[] before = Array.FindAll(operations, static other => other.IsQueued);
            if (user == 'T' ? queue.TryTake() : TakeInTurn(operation, leaves: user == 'L'))
            {
                // Whoever stood in line before has been granted the turn, or has left.
                Assert.DoesNotContain(before, static other => other.IsQueued);
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

            if (leaves && queue.TryLeave(operation))
            {
                return false;
            }

            execution.Block(() => operation.IsGranted, "grant");
            operation.IsGranted = false;
            return true;
        }
    };
}
