using System;
using System.Collections.Generic;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Mhi.Endpoint.Functions;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class AtCommandPortPropertyTests
{
    // What means something to the interpreter, so that random text often is half a command.
    private static readonly string[] s_fragments =
    [
        "AT", "at", "A/", "A", "T", "/", "\r", "\n", "\b", " ", ";", "\"", "=", "?", "+", "&", "E0", "E1", "V0", "V1", "Q0", "Q1", "Z", "&F", "I",
        "+CSQ", "+CREG", "+CMEE=1", "+CMEE=2", "+CGSN", "+CPIN", "+FOO", "0", "9", "\u0000", "\u00ff", "\u007f",
    ];

    [Property(MaxTest = 500)]
    public Property AnyText_InAnyPieces_WithAnyBuffers_GetsTheSameAnswer() =>
        Prop.ForAll(
            Gen.ListOf(Gen.Elements(s_fragments)).ToArbitrary(),
            Gen.NonEmptyListOf(Gen.Choose(0, 9)).ToArbitrary(),
            Gen.NonEmptyListOf(Gen.Choose(0, 3)).ToArbitrary(),
            (fragments, sizes, credits) =>
            {
                byte[] text = Encoding.Latin1.GetBytes(string.Concat(fragments));

                return Answer(text, [text.Length], [int.MaxValue]) == Answer(text, [.. sizes], [.. credits]);
            });

    private static string Answer(byte[] text, List<int> sizes, List<int> credits)
    {
        var port = new AtCommandPort();
        var downlink = new AtDownlink();
        port.OnStarted();
        int offset = 0;
        int step = 0;
        while (offset < text.Length || downlink.Credits == 0)
        {
            // One more than drawn now and then, or a run of zeroes would never end.
            downlink.Credits = credits[step % credits.Count] + (step % 4 == 0 ? 1 : 0);
            int size = Math.Min(text.Length - offset, sizes[step % sizes.Count] + (step % 3 == 0 ? 1 : 0));
            step++;
            _ = port.Poll(downlink);
            if (size > 0 && port.OnUplink(text.AsSpan(offset, size), downlink))
            {
                offset += size;
            }
        }

        downlink.Credits = int.MaxValue;
        _ = port.Poll(downlink);
        return downlink.Text;
    }
}
