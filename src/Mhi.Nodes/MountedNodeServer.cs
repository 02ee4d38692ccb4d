using System;
using System.Globalization;
using System.IO;
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
    private const string Type = "fuse.mhi";
    private const string Source = "mhi";
    private const int MostStaleMounts = 16;

    private readonly string _path;
    private readonly bool _ownsDirectory;
    private readonly KernelDevice _device;
    private readonly NodeTree _tree = new();
    private readonly RequestDispatcher _dispatcher;
    private readonly RequestLoop _loop;
    private readonly Timer? _expiry;
    private bool _isDisposed;

    private MountedNodeServer(string path, bool ownsDirectory, KernelDevice device, NodeServerOptions options)
        : base(options)
    {
        _path = path;
        _ownsDirectory = ownsDirectory;
        _device = device;
        _dispatcher = new RequestDispatcher(device, _tree, Closer, Faults);
        _loop = RequestLoop.Start(device, _dispatcher, Faults, options.Threads, Wire.MaxFuseTransfer);
        if (options.RequestTimeout is { } timeout)
        {
            // Half the time is left for the kernel's clock, which counts in long steps.
            TimeSpan step = timeout / 8;
            _expiry = new Timer(_ => Expire(timeout / 2), null, step, step);
        }
    }

    /// <summary>The directory.</summary>
    public string Path => _path;

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
        bool ownsDirectory = PrepareDirectory(path);
        KernelDevice? device = null;
        bool isMounted = false;
        try
        {
            device = KernelDevice.Open(KernelDevice.FusePath);
            MountPoint.Attach(Source, path, Type, MountOptions(device));
            isMounted = true;
            FuseHandshake.Run(device, new byte[Wire.SmallestBuffer]);
            return new MountedNodeServer(path, ownsDirectory, device, options);
        }
        catch (Exception exception) when (exception is SystemCallException or NodeException)
        {
            if (isMounted)
            {
                _ = MountPoint.Detach(path);
            }

            device?.Dispose();
            RemoveDirectory(path, ownsDirectory);
            throw exception as NodeException
                ?? new NodeException($"{exception.Message} Nodes need root and FUSE: run as root, and 'modprobe fuse' if /dev/fuse is missing.", Errno.Access, exception);
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
        _ = MountPoint.Detach(_path);
        _ = _loop.Wait(Options.Farewell);
        _device.Stop();
        _loop.Join();
        _device.Dispose();
        _dispatcher.ReleaseAll();
        _ = Closer.Wait(Options.Farewell);
        RemoveDirectory(_path, _ownsDirectory);
    }

    private static string MountOptions(KernelDevice device) => string.Create(
        CultureInfo.InvariantCulture, $"fd={device.Number},rootmode=40000,user_id=0,group_id=0,allow_other,default_permissions");

    private static bool PrepareDirectory(string path)
    {
        int error = MountPoint.Probe(path);
        for (int i = 0; error == Errno.NotConnected && i < MostStaleMounts; i++)
        {
            // What a server that was killed left behind.
            _ = MountPoint.Detach(path);
            error = MountPoint.Probe(path);
        }

        if (error is Errno.NotConnected or Errno.ConnectionAborted)
        {
            throw new NodeException($"A dead mount at '{path}' cannot be replaced; run 'umount -l {path}' as root.", error);
        }

        try
        {
            if (!Directory.Exists(path))
            {
                _ = Directory.CreateDirectory(path);
                return true;
            }

            if (Mounts.IsMounted(path, Type))
            {
                throw new NodeException($"Another server has its nodes at '{path}'; end it, or give another directory.", Errno.Busy);
            }

            using var entries = Directory.EnumerateFileSystemEntries(path).GetEnumerator();
            return entries.MoveNext()
                ? throw new NodeException($"The directory '{path}' is not empty, and a mount would hide what is in it; give an empty one.", Errno.Busy)
                : false;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException and not NodeException)
        {
            throw new NodeException($"The directory '{path}' cannot be used: {exception.Message}", Errno.Access, exception);
        }
    }

    private static void RemoveDirectory(string path, bool ownsDirectory)
    {
        try
        {
            if (ownsDirectory && Directory.Exists(path))
            {
                Directory.Delete(path);
            }
        }
        catch (IOException)
        {
            // Somebody uses it now.
        }
    }

    private void Expire(TimeSpan age)
    {
        long before = Environment.TickCount64 - (long)age.TotalMilliseconds;
        foreach (StreamNode node in _tree.ToArray())
        {
            node.Expire(before);
        }
    }
}
