using System;
using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace Mhi.Endpoint.Tests.Boot;

public sealed class Sha256PropertyTests
{
    [Property(MaxTest = 300)]
    public Property AnyBytes_InAnyPieces_HashAsTheClassLibraryHashesThem() =>
        Prop.ForAll(
            Gen.Choose(0, 300).ToArbitrary(),
            Gen.NonEmptyListOf(Gen.Choose(1, 130)).ToArbitrary(),
            (length, sizes) =>
            {
                byte[] bytes = new byte[length];
                new Random(length).NextBytes(bytes);
                var hash = new Mhi.Endpoint.Boot.Sha256();
                hash.Append([1, 2, 3]);
                hash.Reset();
                int step = 0;
                for (int offset = 0; offset < length; step++)
                {
                    int size = Math.Min(sizes[step % sizes.Count], length - offset);
                    hash.Append(bytes.AsSpan(offset, size));
                    offset += size;
                }

                byte[] digest = new byte[32];
                hash.Finish(digest);
                return digest.AsSpan().SequenceEqual(SHA256.HashData(bytes));
            });

    [Theory]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(1_000_003)]
    public void LengthsAroundABlock_HashAsTheClassLibraryHashesThem(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var hash = new Mhi.Endpoint.Boot.Sha256();
        byte[] digest = new byte[32];

        hash.Append(bytes);
        hash.Finish(digest);

        Assert.Equal(SHA256.HashData(bytes), digest);
    }
}
