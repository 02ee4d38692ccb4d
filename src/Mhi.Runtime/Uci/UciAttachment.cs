using System.Threading;
using Mhi.Controller;

namespace Mhi.Uci;

/// <summary>A controller at a host: its nodes, and what of its life the host has yet to act on.</summary>
internal sealed class UciAttachment(UciHost host, MhiController controller) : IControllerObserver
{
    private volatile UciNode[] _nodes = [];
    private int _isLost;

    internal MhiController Controller => controller;

    /// <summary>The nodes published. Changed under the host's lock; the poll thread sees each array whole.</summary>
    internal UciNode[] Nodes
    {
        get => _nodes;
        set => _nodes = value;
    }

    internal void Begin()
    {
        Volatile.Write(ref _isLost, 0);
        controller.AddObserver(this);
    }

    internal void End() => controller.RemoveObserver(this);

    /// <summary>Whether the device has left since this was last asked, even if it is back by now.</summary>
    internal bool TakeLoss() => Interlocked.Exchange(ref _isLost, 0) != 0;

    /// <inheritdoc/>
    void IControllerObserver.StateChanged(MhiControllerState state, MhiFailure? failure)
    {
        bool isLost = state == MhiControllerState.Off || failure is { Code: MhiErrorCode.DeviceRemoved };
        if (isLost)
        {
            Volatile.Write(ref _isLost, 1);
        }

        if (isLost || state == MhiControllerState.MissionMode)
        {
            // Publishing calls observers and takes locks that a poll thread has no business with.
            _ = ThreadPool.UnsafeQueueUserWorkItem(static self => self.Reconcile(), this, preferLocal: false);
        }

        foreach (UciNode node in _nodes)
        {
            node.OnControllerChanged();
        }
    }

    private void Reconcile() => host.Reconcile(this);
}
