using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Mhi.LinuxGuest.Infrastructure;
using Xunit;

namespace Mhi.LinuxGuest;

/// <summary>Each profile: the driver knows it under its name, and it gets the ports and the network device of its channels.</summary>
[Trait("Category", "Slow")]
public sealed class ProfileTests
{
    public static TheoryData<string, string, string> Profiles => new()
    {
        { "cinterion-mv31", "wwan0mbim0", "wwan0" },
        { "cinterion-mv32", "wwan0mbim0", "wwan0" },
        { "foxconn-dw5930e", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-dw5932e", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-dw5934e", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-sdx55", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-t99w175", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-t99w368", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-t99w373", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-t99w510", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-t99w640", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-t99w696", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "foxconn-t99w760", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "netprisma-fcun69", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "netprisma-lcur57", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "qcom-qdu100", "wwan0qcdm0", "mhi_swip0" },
        { "qcom-sa8775p", "", "mhi_swip0" },
        { "qcom-sdx24", "wwan0mbim0 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "qcom-sdx35m", "wwan0mbim0 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "qcom-sdx55m", "wwan0mbim0 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "qcom-sdx65m", "wwan0mbim0 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "qcom-sdx75m", "wwan0mbim0 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "quectel-em1xx", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "quectel-rm5xx", "wwan0at0 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "sierra-em919x", "wwan0at0 wwan0mbim0 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "telit-fe912c04", "wwan0at0 wwan0at1 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "telit-fe990a", "wwan0at0 wwan0at1 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "telit-fe990b40", "wwan0at0 wwan0at1 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "telit-fn920c04", "wwan0at0 wwan0at1 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
        { "telit-fn980-hwv1", "wwan0qmi0", "mhi_hwip0" },
        { "telit-fn990", "wwan0at0 wwan0at1 wwan0mbim0 wwan0qcdm0", "wwan0" },
        { "telit-fn990b40", "wwan0at0 wwan0at1 wwan0qcdm0 wwan0qmi0", "mhi_hwip0" },
    };

    [GuestTheory]
    [MemberData(nameof(Profiles))]
    public async Task Profile_OnStockKernel_GetsItsPorts(string profile, string ports, string network)
    {
        IReadOnlyList<GuestRun> runs = await GuestRun.StartAsync(new GuestOptions
        {
            Name = "profile-" + profile,
            Kernel = "backports",
            Profile = profile,
            Settings = new Dictionary<string, string> { ["DRIVER"] = profile, ["PORTS"] = ports, ["NET"] = network },
            Scenarios = ["driver-binds", "ports-reopen"],
        });

        runs[0].AssertPassed("driver-binds");
        runs[0].AssertPassed("ports-reopen");
        runs[0].AssertNoViolation();
    }

    [Fact]
    public void Profiles_AreAllThereAre() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(System.AppContext.BaseDirectory, "profiles"))
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(),
        Profiles.Select(row => (string)row[0]).Order());
}
