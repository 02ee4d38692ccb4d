using Mhi.Interop.Linux;

namespace Mhi.Interop.Files;

/// <summary>How much memory this process may lock, which DMA buffers count as.</summary>
/// <param name="Soft">Bytes that it may lock now; <see cref="Unlimited"/> for any number.</param>
/// <param name="Hard">Bytes that it may allow itself.</param>
public readonly record struct LockedMemory(ulong Soft, ulong Hard)
{
    /// <summary>The limit that is none.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>Reads the limits.</summary>
    /// <returns>The limits; none when they cannot be read.</returns>
    public static unsafe LockedMemory Read()
    {
        Libc.Limit limit;
        return Libc.GetLimit(Libc.LimitLockedMemory, &limit) == 0 ? new LockedMemory(limit.Soft, limit.Hard) : new LockedMemory(Unlimited, Unlimited);
    }

    /// <summary>Allows this process all that it may allow itself.</summary>
    public static unsafe void Raise()
    {
        LockedMemory now = Read();
        if (now.Soft != now.Hard)
        {
            var limit = new Libc.Limit { Soft = now.Hard, Hard = now.Hard };
            _ = Libc.SetLimit(Libc.LimitLockedMemory, &limit);
        }
    }
}
