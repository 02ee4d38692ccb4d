using System;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.IO;
using Mhi.Runtime.Tests.Infrastructure;
using Mhi.Runtime.Tests.Uci.Infrastructure;
using Mhi.Uci;
using Xunit;

namespace Mhi.Runtime.Tests.Uci;

/// <summary>By itself: what the process writes is captured.</summary>
[Collection("alone")]
public class QuietTests
{
    [Fact]
    [UciClause(14, "Nothing that a client can provoke is logged: the layer reports to its callers and to nobody else.")]
    public void UCI_014_NothingAClientDoesIsLogged()
    {
        using var written = new StringWriter();
        using var listener = new TextWriterTraceListener(written);
        TextWriter output = Console.Out;
        TextWriter error = Console.Error;
        Console.SetOut(written);
        Console.SetError(written);
        _ = Trace.Listeners.Add(listener);
        try
        {
            ProvokeEverything();
        }
        finally
        {
            Trace.Listeners.Remove(listener);
            Console.SetOut(output);
            Console.SetError(error);
        }

        Assert.Equal(string.Empty, written.ToString());
        Assert.DoesNotContain(EventSource.GetSources(), static source => source.Name.Contains("mhi", StringComparison.OrdinalIgnoreCase));
    }

    private static void ProvokeEverything()
    {
        using var bed = new OpenBed(linger: TimeSpan.Zero);
        for (int i = 0; i < 1000; i++)
        {
            Assert.Throws<UciNodeNotFoundException>(() => bed.Host.Open("mhi_held0_NONE"));
            Assert.Throws<UciNodeNotFoundException>(() => bed.Host.Open(127));
        }

        bed.Device.Answers = static (_, _) => CommandAnswer.Refuse;
        Assert.Throws<UciIOException>(() => bed.Open());
        bed.Device.Answers = static (_, _) => CommandAnswer.Succeed;
        UciHandle handle = bed.Open(new UciOpenOptions { Access = UciAccess.Read, NonBlocking = true });
        Assert.Throws<UciNotSupportedException>(() => handle.Write([1]));
        Assert.Throws<UciIOException>(() => handle.Read(new byte[1]));
        bed.Host.Remove(bed.Controller);
        Assert.Throws<UciDeviceRemovedException>(() => handle.Read(new byte[1]));
        handle.Dispose();
        Assert.Throws<UciHandleClosedException>(() => handle.Read(new byte[1]));
    }
}
