using System.Threading;
using Mhi.Controller;
using Mhi.Uci.Waiting;

namespace Mhi.Uci;

/// <summary>A controller at a host: its nodes, and what of its life the host has yet to act on.</summary>
internal sealed class UciAttachment(UciHost host, MhiController controller) : IControllerObserver, IThreadPoolWorkItem
{
    private volatile UciNode[] _nodes = [];
    private int _losses;
    private int _lossesSeen;

    internal MhiController Controller => controller;

    /// <summary>The nodes published. Changed under the host's lock; the poll thread sees each array whole.</summary>
    internal UciNode[] Nodes
    {
        get => _nodes;
        set => _nodes = value;
    }

    internal void Begin() => controller.AddObserver(this);

    internal void End() => controller.RemoveObserver(this);

    /// <summary>
    /// The host is about to look at the controller and to publish what is there: what leaves from now on is a loss. Under the
    /// host's lock.
    /// </summary>
    internal void BeginPublishing() => _lossesSeen = Volatile.Read(ref _losses);

    /// <summary>Whether the device has left since the last publishing, even if it is back by now. Under the host's lock.</summary>
    internal bool IsLost => Volatile.Read(ref _losses) != _lossesSeen;

    /// <inheritdoc/>
    void IControllerObserver.StateChanged(MhiControllerState state, MhiFailure? failure)
    {
        bool isLost = UciSession.IsLoss(state) || failure is { Code: MhiErrorCode.DeviceRemoved };
        if (isLost)
        {
            Volatile.Write(ref _losses, _losses + 1);
            foreach (UciNode node in _nodes)
            {
                // At once: a device that is back before the host has looked does not revive them.
                node.MarkGone();
            }
        }

        if (isLost || state == MhiControllerState.MissionMode)
        {
            // Publishing calls observers and takes locks that a poll thread has no business with.
            UciWork.Queue(this);
        }

        foreach (UciNode node in _nodes)
        {
            node.OnControllerChanged();
        }
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => host.Reconcile(this);
}
