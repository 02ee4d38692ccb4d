using System.Collections.Generic;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>One profile of each vendor's family: the driver knows it under that name, and it gets the ports of its channels.</summary>
[Trait("Category", "Slow")]
public sealed class VendorFamilyTests
{
    [GuestTheory]
    [InlineData("quectel-em1xx", "quectel-em1xx", "wwan0at0 wwan0mbim0 wwan0qcdm0")]
    [InlineData("cinterion-mv31", "cinterion-mv31", "wwan0mbim0")]
    [InlineData("sierra-em919x", "sierra-em919x", "wwan0at0 wwan0mbim0 wwan0qcdm0 wwan0qmi0")]
    [InlineData("telit-fn990", "telit-fn990", "wwan0at0 wwan0mbim0 wwan0qcdm0")]
    [InlineData("netprisma-lcur57", "netprisma-lcur57", "wwan0at0 wwan0mbim0 wwan0qcdm0")]
    [InlineData("qcom-sdx24", "qcom-sdx24", "wwan0mbim0 wwan0qcdm0 wwan0qmi0")]
    public async Task Profile_OnStockKernel_GetsItsPorts(string profile, string driver, string ports)
    {
        IReadOnlyList<GuestRun> runs = await GuestRun.StartAsync(new GuestOptions
        {
            Name = "family-" + profile,
            Kernel = "backports",
            Profile = profile,
            Settings = new Dictionary<string, string> { ["DRIVER"] = driver, ["PORTS"] = ports },
            Scenarios = ["driver-binds", "ports-reopen"],
        });

        runs[0].AssertPassed("driver-binds");
        runs[0].AssertPassed("ports-reopen");
        runs[0].AssertNoViolation();
    }
}
