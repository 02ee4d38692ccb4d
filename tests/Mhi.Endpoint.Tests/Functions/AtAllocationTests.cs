using Mhi.Endpoint.Functions;
using Mhi.Endpoint.Tests.Infrastructure;
using Xunit;

namespace Mhi.Endpoint.Tests.Functions;

public sealed class AtAllocationTests
{
    [Fact]
    public void Conversation_AfterTheStart_AllocatesNothing()
    {
        byte[] conversation =
        [
            .. "ATE1V1Q0\rAT+CMEE=1;+CREG=2;+CREG?;+FOO\rATI\rAT+CGMI;+CGMM;+CGMR;+CGSN;+CGSN=1\rA/"u8,
            .. "AT+CSX\bQ;+CPIN?;+CMEE?;+CREG=?;+CFUN=4;+CFUN?;+CFUN=1\rnonsense\rATV0\rAT+CREG=7\rAT&F\rATZ\r"u8,
        ];
        var port = new AtCommandPort();
        var downlink = new CountingDownlink();
        port.OnStarted();
        Assert.True(port.OnUplink(conversation, downlink));
        long bytesOfOneRun = downlink.Bytes;

        int runs = 1;
        long allocated = Allocated.FewestBytes(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                _ = port.OnUplink(conversation, downlink);
                _ = port.Poll(downlink);
                runs++;
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(runs * bytesOfOneRun, downlink.Bytes);
    }
}
