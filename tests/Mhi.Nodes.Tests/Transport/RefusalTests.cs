using Mhi.Interop;
using Xunit;

namespace Mhi.Nodes.Tests.Transport;

public class RefusalTests
{
    [Theory]
    [InlineData(Errno.NotPermitted, " Run as root.")]
    [InlineData(Errno.Access, " Run as root.")]
    [InlineData(Errno.NoEntry, " The kernel's module is missing: run 'modprobe fuse'.")]
    [InlineData(Errno.NoDevice, " The kernel's module is missing: run 'modprobe fuse'.")]
    [InlineData(24, "")] // EMFILE
    public void Refused_AdvisesWhatHelps(int error, string advice)
    {
        var refusal = new SystemCallException("open", "open '/dev/none'", error);
        NodeException exception = NodeServer.Refused(refusal, "/dev/none", "'modprobe fuse'");
        Assert.Equal(refusal.Message + advice, exception.Message);
        Assert.Equal(error, exception.ErrorCode);
    }

    [Fact]
    public void Refused_ForAPathThatIsGone_DoesNotBlameTheModule()
    {
        var refusal = new SystemCallException("mount", "mount a file system at '/gone'", Errno.NoEntry);
        Assert.Equal(refusal.Message, NodeServer.Refused(refusal, "/dev/null", "'modprobe fuse'").Message);
    }
}
