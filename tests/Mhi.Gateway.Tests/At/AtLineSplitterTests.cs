using System;
using System.Collections.Generic;
using System.Text;
using Mhi.Gateway.At;
using Xunit;

namespace Mhi.Gateway.Tests.At;

public sealed class AtLineSplitterTests
{
    [Fact]
    public void TryTake_OfVerboseAnswer_GivesItsLinesWithoutEmptyOnes() =>
        Assert.Equal(["AT+CSQ", "+CSQ: 24,99", "OK"], Split("AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n"));

    [Fact]
    public void TryTake_OfTerseAnswer_EndsAtCarriageReturn() => Assert.Equal(["ATI", "0"], Split("ATI\r0\r"));

    [Fact]
    public void TryTake_OfALineInPieces_WaitsForItsEnd() => Assert.Equal(["+CSQ: 1"], Split("+C", "SQ", ": 1", "\r\n"));

    [Fact]
    public void TryTake_WithoutEnd_GivesNothing() => Assert.Empty(Split("OK"));

    private static List<string> Split(params string[] pieces)
    {
        var splitter = new AtLineSplitter();
        var lines = new List<string>();
        foreach (string piece in pieces)
        {
            ReadOnlySpan<byte> characters = Encoding.Latin1.GetBytes(piece);
            while (splitter.TryTake(ref characters, out string? line))
            {
                lines.Add(line!);
            }

            Assert.True(characters.IsEmpty);
        }

        return lines;
    }
}
