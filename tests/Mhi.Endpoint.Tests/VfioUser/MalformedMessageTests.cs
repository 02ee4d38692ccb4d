using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Mhi.Endpoint.Tests.VfioUser.Infrastructure;
using Mhi.Endpoint.VfioUser;
using Mhi.Interop.Memory;
using Mhi.Interop.Sockets;
using Mhi.Pci.VfioUser.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.VfioUser;

/// <summary>
/// Whatever a client sends, it gets a reply or loses the connection for a reason said in one line, and the next client finds
/// a good device.
/// </summary>
[Collection(DescriptorCountCollection.Name)]
public sealed class MalformedMessageTests : IDisposable
{
    private const int LengthField = 4;
    private const int LimitMilliseconds = 10_000;

    private readonly ServedDevice _served = new();
    private readonly MappedMemory _memory = MappedMemory.Allocate(0x4000);

    public static TheoryData<int> Messages => [.. Enumerable.Range(0, SampleMessage.All.Count)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void EveryFieldSpoiled_IsAnsweredOrEndsTheConnection(int index)
    {
        SampleMessage message = SampleMessage.All[index];
        var random = new Random(index);
        int descriptors = CountDescriptors();
        foreach ((int offset, int length) in message.Fields)
        {
            foreach (byte[] value in Values(message.Bytes.AsSpan(offset, length), random))
            {
                byte[] bytes = [.. message.Bytes];
                value.CopyTo(bytes, offset);
                if (offset == LengthField)
                {
                    SendAndLeave(index, bytes);
                }
                else
                {
                    SendAndGoOn(index, bytes);
                }
            }
        }

        Assert.Equal(descriptors, CountDescriptors());
        AssertGood();
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void EveryBeginningOfAMessage_EndsTheConnectionWithAReason(int index)
    {
        byte[] whole = SampleMessage.All[index].Bytes;
        for (int length = 1; length < whole.Length; length++)
        {
            ClientEnd end = SendAndLeave(index, whole[..length]);

            Assert.Equal("The client ended the connection in the middle of a message.", end.Reason);
        }

        AssertGood();
    }

    [Fact]
    public void RandomBytesSpoiled_InASequenceOfAllMessages()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            using VfioUserClient client = _served.Connect();
            foreach (SampleMessage message in SampleMessage.All)
            {
                byte[] bytes = [.. message.Bytes];
                if (random.Next(4) == 0)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                if (!SendSample(client, bytes, random.Next(8) == 0 ? random.Next(17) : message.Descriptors))
                {
                    break;
                }
            }

            Leave(client, $"seed {seed}");
        }

        AssertGood();
    }

    [Fact]
    public void MessageLongerThanAnyCanBe_EndsTheConnectionBeforeItIsRead()
    {
        using VfioUserClient client = _served.Attach();
        byte[] header = new byte[MessageHeader.Size];
        new MessageHeader(1, VfioUserCommand.RegionWrite, uint.MaxValue, 0, 0).Write(header);

        _ = client.Send(header);

        Assert.Contains("4294967295 bytes", _served.End().Reason, StringComparison.Ordinal);
        Assert.Null(client.Receive(LimitMilliseconds));
    }

    [Fact]
    public void ReplyThatNobodyAskedFor_EndsTheConnection()
    {
        using VfioUserClient client = _served.Attach();

        _ = client.Post(11, new byte[16], MessageHeader.TypeReply);

        Assert.Contains("which nobody sent", _served.End().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void CommandBeforeVersion_EndsTheConnection()
    {
        using VfioUserClient client = _served.Connect();

        _ = client.Post(13, [], 0);

        Assert.Equal("The client sent command 13 before VERSION.", _served.End().Reason);
    }

    [Theory]
    [InlineData("{\"capabilities\":{\"max_data_xfer_size\":0}}")]
    [InlineData("{\"capabilities\":{\"max_data_xfer_size\":\"much\"}}")]
    [InlineData("{\"capabilities\":{\"max_data_xfer_size\":99999999999999999999}}")]
    [InlineData("{\"capabilities\":{")]
    [InlineData("{\"capabilities\":{}} and more")]
    [InlineData("[]")]
    [InlineData("\u0001")]
    public void Version_WithCapabilitiesThatMakeNoSense_IsRefused(string capabilities)
    {
        using VfioUserClient client = _served.Connect();

        Assert.Equal(22u, client.TryCall(1, [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(capabilities), 0]).Error);

        Assert.Contains("VERSION", _served.End().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void MapBeyondTheEndOfTheFile_IsRefused()
    {
        using VfioUserClient client = _served.Attach();
        using FileDescriptor descriptor = _memory.Share();

        Assert.Equal(22u, client.MapDma(0, 0x4001, 0, descriptor));
        Assert.Equal(22u, client.MapDma(0, 0x1000, 0x3001, descriptor));
        Assert.Equal(22u, client.MapDma(0, ulong.MaxValue, 1, descriptor));
        Assert.Equal(22u, client.MapDma(0, 0x1000, ulong.MaxValue, descriptor));
        Assert.Equal(0u, client.MapDma(0, 0x1000, 0x3000, descriptor));
        Assert.Equal(17u, client.MapDma(0xfff, 0x1000, 0, descriptor));
        Assert.Equal(1, _served.Device.MemoryRanges);
    }

    [Fact]
    public void MapOfSomethingThatIsNoFile_IsRefused()
    {
        using VfioUserClient client = _served.Attach();
        using var notAFile = new Mhi.Interop.Threading.EventFd();
        using FileDescriptor descriptor = notAFile.Share();

        Assert.Equal(22u, client.MapDma(0, 0x1000, 0, descriptor));
    }

    public void Dispose()
    {
        _served.Dispose();
        _memory.Dispose();
    }

    private static IEnumerable<byte[]> Values(ReadOnlySpan<byte> good, Random random)
    {
        byte[] wide = new byte[8];
        good[..Math.Min(good.Length, 8)].CopyTo(wide);
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(wide);
        byte[] noise = new byte[8];
        random.NextBytes(noise);
        ulong[] values =
        [
            0, 1, 2, 3, 7, 0x10, 0x20, 0x7f, 0xff, 0x7fff, 0xffff, 0x1000, 0x7fff_ffff, 0x8000_0000, uint.MaxValue, long.MaxValue,
            1UL << 63, ulong.MaxValue - 0xfff, ulong.MaxValue, value + 1, value - 1, value ^ 0x8000, BinaryPrimitives.ReadUInt64LittleEndian(noise),
        ];
        int length = good.Length;
        return values.Select(spoiled =>
        {
            byte[] bytes = new byte[Math.Max(length, 8)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, spoiled);
            return bytes[..length];
        });
    }

    // Those of shared memory: the runtime opens others when it likes.
    private static int CountDescriptors() => Directory.GetFiles("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget is { } target && target.Contains("mhi-dma", StringComparison.Ordinal));

    // The message may swallow what follows, so the client leaves instead of waiting.
    private ClientEnd SendAndLeave(int index, byte[] bytes)
    {
        using VfioUserClient client = Prepare(index);
        _ = SendSample(client, bytes, SampleMessage.All[index].Descriptors);
        return Leave(client, SampleMessage.All[index].Name);
    }

    private void SendAndGoOn(int index, byte[] bytes)
    {
        using VfioUserClient client = Prepare(index);
        _ = SendSample(client, bytes, SampleMessage.All[index].Descriptors);
        byte[] probe = [.. SampleMessage.All[index == 0 ? 0 : 3].Bytes];
        BinaryPrimitives.WriteUInt16LittleEndian(probe, 4711);
        _ = client.Send(probe);
        while (client.Receive(LimitMilliseconds) is { } reply)
        {
            Assert.True(reply.Type == MessageHeader.TypeReply, $"{SampleMessage.All[index].Name}: {reply}");
            if (reply.Id == 4711)
            {
                break;
            }
        }

        _ = Leave(client, SampleMessage.All[index].Name);
    }

    private VfioUserClient Prepare(int index)
    {
        if (index == 0)
        {
            return _served.Connect();
        }

        VfioUserClient client = _served.Attach();
        client.WriteConfig(4, 6, 2);
        return client;
    }

    private ClientEnd Leave(VfioUserClient client, string what)
    {
        client.Socket.Shutdown();
        ClientEnd end = _served.End();
        Assert.True(end.Reason.Length > 20 && end.Reason.EndsWith('.') && !end.Reason.Contains('\n'), $"{what}: {end.Reason}");
        Assert.Equal(0, _served.Device.MemoryRanges);
        return end;
    }

    private bool SendSample(VfioUserClient client, byte[] bytes, int descriptors)
    {
        FileDescriptor[] shared = [.. Enumerable.Range(0, Math.Min(descriptors, LocalSocket.MaxDescriptors)).Select(_ => _memory.Share())];
        try
        {
            return client.Send(bytes, shared);
        }
        finally
        {
            Array.ForEach(shared, descriptor => descriptor.Dispose());
        }
    }

    private void AssertGood()
    {
        using VfioUserClient client = _served.Attach();
        using var host = new VfioUserHost(client, Sharing.Whole);
        host.PowerUp();
        host.AssertEchoes();
        Assert.Null(_served.Device.Fault);
    }
}
