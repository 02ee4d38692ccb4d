using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Gateway.Loopback;
using Xunit;

namespace Mhi.Gateway.Tests.Loopback;

public sealed class GeneratedSourceTests
{
    [Fact]
    public void Read_BeginsWithTheKnownSequence()
    {
        using var source = new GeneratedSource();
        var bytes = new byte[16];

        Assert.Equal(16, source.Read(bytes));

        // The first two outputs of SplitMix64 with seed 0.
        Assert.Equal(0xe220a8397b1dcdafUL, BitConverter.ToUInt64(bytes, 0));
        Assert.Equal(0x6e789e6aa1b965f4UL, BitConverter.ToUInt64(bytes, 8));
    }

    [Property(MaxTest = 200)]
    public Property Read_InAnyPieces_GivesTheSameBytes() =>
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 40)).ToArbitrary(), lengths =>
        {
            var pieces = new List<byte>();
            using var source = new GeneratedSource();
            foreach (int length in lengths)
            {
                var piece = new byte[length];
                if (source.Read(piece) != length)
                {
                    return false;
                }

                pieces.AddRange(piece);
            }

            var whole = new byte[pieces.Count];
            using var again = new GeneratedSource();
            again.Read(whole);
            return whole.AsSpan().SequenceEqual(pieces.ToArray());
        });
}
