using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mhi.Gateway.Loopback;

/// <summary>
/// An endless stream of bytes that look random and are the same in every run: word i is the SplitMix64 mix of i, so no two
/// packets are alike, and one that is lost, doubled or moved changes the hash.
/// </summary>
internal sealed class GeneratedSource : PacketSource
{
    private ulong _nextWord;
    private int _usedOfWord;

    /// <inheritdoc/>
    internal override long? Length => null;

    /// <inheritdoc/>
    internal override int Read(Span<byte> destination)
    {
        int filled = 0;
        if (_usedOfWord != 0)
        {
            filled = Math.Min(sizeof(ulong) - _usedOfWord, destination.Length);
            CopyOfWord(_usedOfWord, destination[..filled]);
            _usedOfWord = (_usedOfWord + filled) % sizeof(ulong);
            _nextWord += _usedOfWord == 0 ? 1u : 0;
        }

        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(destination[filled..]);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Word(_nextWord++);
        }

        filled += words.Length * sizeof(ulong);
        if (filled < destination.Length)
        {
            _usedOfWord = destination.Length - filled;
            CopyOfWord(0, destination[filled..]);
        }

        return destination.Length;
    }

    private void CopyOfWord(int start, Span<byte> destination)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        MemoryMarshal.Write(word, Word(_nextWord));
        word.Slice(start, destination.Length).CopyTo(destination);
    }

    private static ulong Word(ulong index)
    {
        ulong mixed = (index + 1) * 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        mixed ^= mixed >> 31;
        return BitConverter.IsLittleEndian ? mixed : BinaryPrimitives.ReverseEndianness(mixed);
    }
}
