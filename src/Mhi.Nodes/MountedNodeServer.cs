using System;
using System.Globalization;
using System.Threading;
using Mhi.Interop;
using Mhi.Interop.Files;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Server;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes;

/// <summary>Serves nodes in a directory of their own, with FUSE. They behave like devices, and are listed as regular files.</summary>
public sealed class MountedNodeServer : NodeServer
{
    // A timer cannot wait for months.
    private static readonly TimeSpan s_longestStep = TimeSpan.FromHours(1);

    private readonly string _path;
    private readonly bool _ownsDirectory;
    private readonly KernelDevice _device;
    private readonly NodeTree _tree = new();
    private readonly RequestDispatcher _dispatcher;
    private readonly RequestLoop _loop;
    private readonly Timer? _expiry;
    private bool _isDisposed;

    private MountedNodeServer(string path, bool ownsDirectory, NodeMount mount, bool isSerial, KernelDevice device, NodeServerOptions options)
        : base(options)
    {
        _path = path;
        _ownsDirectory = ownsDirectory;
        Identity = mount;
        IsSerial = isSerial;
        _device = device;
        _dispatcher = new RequestDispatcher(device, _tree, Closer, Faults);
        _loop = RequestLoop.Start(device, _dispatcher, Faults, options.Threads, Wire.MaxFuseTransfer);
        if (options.RequestTimeout is { } timeout)
        {
            // Half the time is left for the kernel's clock, which counts in long steps.
            TimeSpan step = timeout / 8 < s_longestStep ? timeout / 8 : s_longestStep;
            _expiry = new Timer(_ => Expire(timeout / 2), null, step, step);
        }
    }

    /// <summary>The directory.</summary>
    public string Path => _path;

    /// <summary>The mount, for a process that takes it away should this one be killed.</summary>
    public NodeMount Identity { get; }

    /// <summary>
    /// Whether the kernel, older than Linux 6.2, has one program at a time write to a node: a second one, even with O_NONBLOCK,
    /// waits until the first has been answered, and no signal ends that wait.
    /// </summary>
    public bool IsSerial { get; }

    /// <inheritdoc/>
    public override bool HasEnded => _isDisposed || _loop.Wait(TimeSpan.Zero);

    /// <summary>Mounts a directory of nodes, empty at first.</summary>
    /// <param name="path">The directory; made when it does not exist, and then removed at the end. A mount that a server left behind is replaced.</param>
    /// <param name="options">How to serve.</param>
    /// <returns>The server, running.</returns>
    /// <exception cref="NodeException">Nothing can be mounted there.</exception>
    public static MountedNodeServer Mount(string path, NodeServerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = (options ?? new NodeServerOptions()).Validated();
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        bool ownsDirectory = MountFolder.Prepare(path, out string place);
        KernelDevice? device = null;
        NodeMount? mount = null;
        try
        {
            device = KernelDevice.Open(KernelDevice.FusePath);
            MountPoint.Attach(MountEntry.NodesSource, place, MountEntry.NodesType, MountOptions(device));

            // At once: from here on it is told from what others mount there.
            mount = NodeMount.At(place);
            uint minor = FuseHandshake.Run(device, new byte[Wire.SmallestBuffer]);
            return new MountedNodeServer(path, ownsDirectory, mount, minor < Wire.ParallelWritesMinor, device, options);
        }
        catch (Exception exception)
        {
            // Whatever it was: no mount of this server stays behind.
            mount?.Remove();
            device?.Dispose();
            if (ownsDirectory)
            {
                MountFolder.Remove(path);
            }

            if (exception is SystemCallException refusal)
            {
                throw Refused(refusal, KernelDevice.FusePath, "'modprobe fuse'");
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override string Publish(NodeFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CheckName(file.Name);
        return _tree.TryAdd(new StreamNode(file, _tree.TakeId(), Options.Permissions, _device))
            ? System.IO.Path.Combine(_path, file.Name)
            : throw new NodeException($"There is already a node '{file.Name}' in '{_path}'.", Errno.Busy);
    }

    /// <inheritdoc/>
    public override bool Withdraw(NodeFile file)
    {
        if (_tree.Remove(file) is not { } node)
        {
            return false;
        }

        node.Withdraw();
        return true;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _expiry?.Dispose();
        _dispatcher.RefuseOpens();
        foreach (StreamNode node in _tree.ToArray())
        {
            _ = Withdraw(node.File);
        }

        // From here on the path is free. Files that are still open go on being answered, with ENODEV, until their programs
        // have closed them or the farewell is over.
        bool hasEnded = _loop.Wait(TimeSpan.Zero);
        if (!hasEnded)
        {
            Identity.Remove();
            _ = _loop.Wait(Options.Farewell);
        }

        _device.Stop();
        _loop.Join();
        _device.Dispose();
        if (hasEnded)
        {
            // Unmounted, and then another server's may be there; or aborted by the administrator, which leaves the mount.
            _ = Identity.RemoveIfDead();
        }

        _dispatcher.ReleaseAll();
        _ = Closer.Wait(Options.Farewell);
        if (_ownsDirectory)
        {
            MountFolder.Remove(_path);
        }
    }

    private static string MountOptions(KernelDevice device) => string.Create(
        CultureInfo.InvariantCulture, $"fd={device.Number},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions");

    private void Expire(TimeSpan age)
    {
        long before = Environment.TickCount64 - (long)age.TotalMilliseconds;
        foreach (StreamNode node in _tree.ToArray())
        {
            node.Expire(before);
        }
    }
}
