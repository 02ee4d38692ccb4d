namespace Mhi.Benchmarks.Queues;

/// <summary>A queue under test. Implemented by structs, so that the calls are direct ones.</summary>
public interface IElementQueue
{
    bool TryPush(ulong item);

    bool TryPop(out ulong item);
}
