using System;
using System.Threading;
using Mhi.Nodes.Protocol;
using Mhi.Nodes.Transport;

namespace Mhi.Nodes.Server;

/// <summary>One character device: its connection, its node and its thread.</summary>
internal sealed class CharacterNode : IDisposable
{
    // CUSE gives every request this number.
    private const ulong OnlyNode = 0;

    private readonly FuseDevice _device;
    private readonly StreamNode _node;
    private readonly RequestDispatcher _dispatcher;
    private readonly RequestLoop _loop;
    private readonly TimeSpan _farewell;

    internal CharacterNode(NodeFile file, FuseDevice device, NodeServerOptions options, HandleCloser closer, ServerFaults faults)
    {
        _device = device;
        _farewell = options.Farewell;
        _node = new StreamNode(file, OnlyNode, options.Permissions, device);
        var tree = new NodeTree();
        _ = tree.TryAdd(_node);
        _dispatcher = new RequestDispatcher(device, tree, closer, faults);
        _loop = RequestLoop.Start(device, _dispatcher, faults, threads: 1, Wire.MaxCuseTransfer);
    }

    /// <summary>Name of the device.</summary>
    internal string Name => _node.File.Name;

    /// <summary>Whether the connection has ended: an administrator can abort it.</summary>
    internal bool HasEnded => _loop.Wait(TimeSpan.Zero);

    /// <summary>The device has gone: opens are refused, whoever waits is woken.</summary>
    internal void Withdraw()
    {
        _dispatcher.RefuseOpens();
        _node.Withdraw();
    }

    /// <summary>Takes the device away, when its programs have closed it or the farewell is over.</summary>
    public void Dispose()
    {
        Withdraw();
        _ = SpinWait.SpinUntil(() => !_node.IsOpen || _loop.Wait(TimeSpan.Zero), _farewell);
        _device.Stop();
        _loop.Join();
        _device.Dispose();
        _dispatcher.ReleaseAll();
    }
}
