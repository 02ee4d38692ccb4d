using System.Collections.Generic;
using FsCheck.Xunit;
using Mhi.Interop.Threading;

namespace Mhi.Interop.Tests.Threading;

public class HandoffRingPropertyTests
{
    /// <summary>Any sequence of operations does what a bounded queue does. Positive: push that many; else: pop that many.</summary>
    [Property(MaxTest = 500)]
    public bool BehavesAsABoundedQueue(int[] steps, byte capacityLog)
    {
        int capacity = 1 << (capacityLog % 7);
        var ring = new HandoffRing<int>(capacity);
        var model = new Queue<int>();
        int next = 0;
        foreach (int step in steps)
        {
            int size = step % 70;
            if (size > 0)
            {
                int[] items = new int[size];
                for (int i = 0; i < size; i++)
                {
                    items[i] = next + i;
                }

                int expected = System.Math.Min(size, capacity - model.Count);
                int pushed = size == 1 ? (ring.TryPush(items[0]) ? 1 : 0) : ring.PushMany(items);
                if (pushed != expected)
                {
                    return false;
                }

                for (int i = 0; i < pushed; i++)
                {
                    model.Enqueue(items[i]);
                }

                next += pushed;
            }
            else
            {
                int[] taken = new int[-size + 1];
                int count = ring.PopMany(taken);
                if (count != System.Math.Min(taken.Length, model.Count))
                {
                    return false;
                }

                for (int i = 0; i < count; i++)
                {
                    if (taken[i] != model.Dequeue())
                    {
                        return false;
                    }
                }
            }

            if (ring.CountForConsumer != model.Count || ring.CountForProducer != model.Count)
            {
                return false;
            }
        }

        return true;
    }
}
