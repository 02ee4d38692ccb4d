using System;
using System.IO;
using System.Threading;
using Xunit;

namespace Mhi.Nodes.Tests.Infrastructure;

/// <summary>A mounted directory of the test's own, with one node.</summary>
internal sealed class Mounted : IDisposable
{
    private static int s_count;

    public Mounted(bool echoes = false, NodePermissions? permissions = null, bool isTerminal = false)
    {
        Folder = NewFolder();
        Stream = new MemoryNode("mhi_0_TEST", isTerminal) { Echoes = echoes };
        Server = MountedNodeServer.Mount(
            Folder,
            new NodeServerOptions
            {
                Permissions = permissions ?? new NodePermissions(0x1b6, 0, 0),
                Farewell = TimeSpan.FromSeconds(5),
                RequestTimeout = null,
            });
        Node = Server.Publish(Stream);
    }

    public string Folder { get; }

    public MountedNodeServer Server { get; }

    public MemoryNode Stream { get; }

    /// <summary>Path of the node.</summary>
    public string Node { get; }

    public static string NewFolder() =>
        Path.Combine(Path.GetTempPath(), $"mhi-nodes-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");

    /// <summary>Waits for what other threads or processes bring about.</summary>
    public static void Until(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)), "What was waited for did not happen.");

    public void Dispose()
    {
        Server.Dispose();
        Assert.Null(Server.Fault);
        Assert.False(Directory.Exists(Folder));
        Until(() => Stream.Closed == Stream.Opened);
    }
}
