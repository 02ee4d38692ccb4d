using System;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Tests.Infrastructure;
using Xunit;

namespace Mhi.Nodes.Tests.Server;

/// <summary>Whatever comes, nothing is thrown, and what has a number is answered at most once.</summary>
public class HostileRequestPropertyTests
{
    private static readonly uint[] s_opcodes = [1, 2, 3, 4, 10, 14, 15, 16, 17, 18, 20, 25, 26, 27, 28, 29, 34, 36, 38, 39, 40, 42, 44, 52, 4096, 77];

    [Property(MaxTest = 300)]
    public Property AnyBytes() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes =>
        {
            var desk = new Desk();
            desk.Handle(bytes);
            return desk.Kernel.Count <= 1;
        });

    [Property(MaxTest = 1000)]
    public Property AnyBodyOfAnyRequest() => Prop.ForAll(
        Gen.Elements(s_opcodes).ToArbitrary(),
        ArbMap.Default.ArbFor<byte[]>(),
        (opcode, body) =>
        {
            var desk = new Desk();
            ulong file = desk.Open();
            int before = desk.Kernel.Count;

            // With the number of an open file in front, so that more than the look-up is reached.
            byte[] full = [.. BitConverter.GetBytes(file), .. body];
            desk.Handle(Request.Make((Opcode)opcode, 1000, desk.Node.Id, full));
            return desk.Kernel.Count - before <= 1;
        });

    [Theory]
    [InlineData(39)]
    [InlineData(41)]
    [InlineData(80)]
    public void LengthThatIsNotTheLengthRead_IsRefused(int length)
    {
        var desk = new Desk();
        ulong file = desk.Open();
        byte[] request = Request.Read(1000, file, 10);
        BitConverter.TryWriteBytes(request, length == request.Length ? length - 1 : length);
        desk.Handle(request);
        Assert.Equal(Errno.Io, desk.TakeError(1000));
    }

    [Fact]
    public void Write_ThatClaimsMoreThanItHas_IsRefused()
    {
        var desk = new Desk();
        ulong file = desk.Open();
        byte[] request = Request.Write(1000, file, [1, 2, 3]);
        BitConverter.TryWriteBytes(request.AsSpan(40 + 16), uint.MaxValue);
        desk.Handle(request);
        Assert.Equal(Errno.Io, desk.TakeError(1000));
        Assert.Empty(desk.Stream.TakeWritten());
    }
}
