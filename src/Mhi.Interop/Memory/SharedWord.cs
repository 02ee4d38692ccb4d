using System.Runtime.CompilerServices;
using System.Threading;

namespace Mhi.Interop.Memory;

/// <summary>
/// A 32-bit word in memory that a device reads or writes too. Aligned, so an access is one load or store and never torn.
/// </summary>
/// <remarks>Safe while the <see cref="MappedMemory"/> it was made from is mapped.</remarks>
public readonly unsafe struct SharedWord
{
    private readonly uint* _word;

    internal SharedWord(uint* word)
    {
        _word = word;
    }

    /// <summary>Loads the word; no later access of this thread moves before it (x64: mov, arm64: ldar).</summary>
    /// <returns>The value.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadAcquire() => Volatile.Read(ref *_word);

    /// <summary>Stores the word; no earlier access of this thread moves behind it (x64: mov, arm64: stlr).</summary>
    /// <param name="value">The value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRelease(uint value) => Volatile.Write(ref *_word, value);
}
