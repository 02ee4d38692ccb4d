using System;
using System.IO;
using System.Threading.Tasks;
using Mhi.Interop.Files;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Tests.Infrastructure;
using Mhi.Nodes.Transport;
using Xunit;
using Mount = Mhi.Nodes.Tests.Infrastructure.Mounted;

namespace Mhi.Nodes.Tests.Transport;

[Collection("alone")]
public class KernelDeviceTests
{
    [MountFact]
    public async Task Read_AfterStop_TakesNoRequestThatWaits()
    {
        string folder = Mount.NewFolder();
        Directory.CreateDirectory(folder);
        KernelDevice device = KernelDevice.Open(KernelDevice.FusePath);
        MountPoint.Attach("mhi", folder, "fuse.mhi", $"fd={device.Number},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions");
        FuseHandshake.Run(device, new byte[Wire.SmallestBuffer]);
        Task<int> asking = Task.Run(() => MountPoint.Probe(folder));
        Assert.True(device.WaitForRequest());
        device.Stop();
        int read = device.Read(new byte[Wire.MaxFuseTransfer + Wire.RequestOverhead]);
        device.Dispose();
        Assert.NotEqual(0, await asking.WaitAsync(TimeSpan.FromSeconds(30)));
        _ = MountPoint.Detach(folder);
        Directory.Delete(folder);
        Assert.Equal(-Errno.NoDevice, read);
    }
}
