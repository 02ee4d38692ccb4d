using System;
using System.Collections.Generic;
using Mhi.Gateway.Nodes;
using Xunit;

namespace Mhi.Gateway.Tests.Nodes;

public sealed class FaultReportTests
{
    [Fact]
    public void Fault_IsSaidOnce()
    {
        List<string> said = [];
        var report = new FaultReport(said.Add);
        report.Look(null);
        Assert.Empty(said);
        var fault = new InvalidOperationException("one\ntwo");
        report.Look(fault);
        report.Look(fault);
        Assert.Equal(["The server of the nodes has a fault, and a program may have got EIO for it: InvalidOperationException: one two"], said);
    }
}
