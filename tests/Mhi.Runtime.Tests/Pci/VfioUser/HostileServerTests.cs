using System;
using System.Collections.Generic;
using Mhi.Controller;
using Mhi.Pci;
using Mhi.Pci.VfioUser;
using Xunit;

namespace Mhi.Runtime.Tests.Pci.VfioUser;

/// <summary>
/// A server that lies: whatever it answers, a call of the client ends, and with nothing but the one kind of exception that
/// opening and allocating have.
/// </summary>
public sealed class HostileServerTests
{
    // Answers of the opening, DMA_MAP, SET_IRQS, reads, and the end.
    private const int Answers = 20;

    private static readonly VfioUserOptions s_impatient = new() { ReplyTimeout = TimeSpan.FromMilliseconds(40) };

    [Fact]
    public void EveryFieldOfEveryAnswer_WithEveryExtreme()
    {
        for (int answer = 0; answer < Answers; answer++)
        {
            for (int place = 0; place < 48; place += place < 4 ? 2 : 4)
            {
                foreach (uint value in new uint[] { 0, 1, 17, 0x7fff_ffff, 0xffff_fff0, uint.MaxValue })
                {
                    Meet((bytes, index) =>
                    {
                        if (index == answer)
                        {
                            BitConverter.GetBytes(value).AsSpan(0, Math.Clamp(bytes.Length - place, 0, place < 4 ? 2 : 4)).CopyTo(bytes.AsSpan(Math.Min(place, bytes.Length)));
                        }

                        return bytes;
                    });
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomBits_OfRandomAnswers(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 150; round++)
        {
            int from = random.Next(Answers);
            Meet((bytes, index) =>
            {
                for (int i = 0; index >= from && i < random.Next(1, 4); i++)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
            });
        }
    }

    [Fact]
    public void AnswersThatAreCut_Missing_OrTooLong()
    {
        for (int answer = 0; answer < Answers; answer++)
        {
            foreach (Func<byte[], byte[]?> change in new Func<byte[], byte[]?>[]
            {
                static _ => null,
                static bytes => bytes[..1],
                static bytes => bytes[..15],
                static bytes => bytes[..^1],
                static bytes => [.. bytes, .. bytes],
                static bytes => [.. bytes, .. new byte[100_000]],
                static bytes => Resized(bytes, bytes.Length + 20_000),
                static bytes => Resized(bytes, (1 << 20) + 32),
                static bytes => Resized(bytes, 16),
            })
            {
                Meet((bytes, index) => index == answer ? change(bytes) : bytes);
            }
        }
    }

    // A whole message of another length.
    private static byte[] Resized(byte[] bytes, int length)
    {
        byte[] resized = new byte[length];
        bytes.AsSpan(0, Math.Min(bytes.Length, length)).CopyTo(resized);
        BitConverter.GetBytes(length).CopyTo(resized, 4);
        return resized;
    }

    private static void Meet(Func<byte[], int, byte[]?> spoil)
    {
        using var server = new ScriptedServer { Spoil = spoil };
        try
        {
            using VfioUserFunction function = server.Open(s_impatient);
            var regions = new List<DmaRegion>();
            for (int i = 0; i < 2; i++)
            {
                regions.Add(function.AllocateDma(4096, 4096));
                function.SetBusMaster(true);
                _ = function.Registers.Read(0x48);
                function.Registers.Write(0x58, 1);
                function.SetBusMaster(false);
                function.Reset();
            }

            regions.ForEach(function.FreeDma);
            Assert.Equal(2, regions.Count);
        }
        catch (MhiException exception)
        {
            Assert.NotEqual(MhiErrorCode.None, exception.Code);
        }
    }
}
