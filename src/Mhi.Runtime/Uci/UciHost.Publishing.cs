using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.ExceptionServices;
using Mhi.Channels;
using Mhi.Controller;
using Mhi.Profiles;
using Mhi.Protocol;

namespace Mhi.Uci;

/// <content>Publishing and withdrawing. Everything here holds the lock of changes.</content>
public sealed partial class UciHost
{
    /// <summary>Brings an attachment's nodes into line with what its controller has become. Thread pool.</summary>
    internal void Reconcile(UciAttachment attachment)
    {
        using (EnterChanges())
        {
            if (!_isStarted || !_attachments.Contains(attachment))
            {
                return;
            }

            if (attachment.IsLost)
            {
                WithdrawUnasked(attachment);
            }

            if (attachment.Nodes.Length == 0)
            {
                try
                {
                    _ = PublishAll(attachment);
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    // Nobody asked for this publication: it is kept for who looks.
                    Refuse(attachment.Controller.Name, exception);
                    WithdrawUnasked(attachment);
                }
            }
        }
    }

    /// <returns>Why the first of those that could not be published was refused, or null.</returns>
    private UciIOException? PublishAll(UciAttachment attachment)
    {
        MhiController controller = attachment.Controller;
        attachment.BeginPublishing();
        if (!HasChannels(controller.State))
        {
            return null;
        }

        UciIOException? first = null;
        HashSet<string> seen = [];
        foreach (ChannelProfile channel in controller.Profile.Channels)
        {
            if (channel.Environment != ExecutionEnvironment.Amss && channel.Environment != controller.ExecutionEnvironment)
            {
                continue;
            }

            if (_options.Table.Find(channel.Name) is { } entry && seen.Add(channel.Name))
            {
                UciIOException? refusal = Publish(attachment, entry);
                first ??= refusal;
            }
        }

        return first;
    }

    private UciIOException? Publish(UciAttachment attachment, UciTableEntry entry)
    {
        MhiController controller = attachment.Controller;
        ChannelDirections directions = entry.Directions & DirectionsOf(controller.Profile, entry.Name);
        if (directions == 0)
        {
            return null;
        }

        string name = DeviceNodeName.For(controller.Name, entry.Name);
        if (!_registry.TryReserve(name, out int minor, out UciIOException? refusal))
        {
            Refuse(name, refusal);
            return refusal;
        }

        var node = new UciNode(controller, entry, directions, minor, ++_generation, _options.Linger);
        try
        {
            LockRules.RunClientCode();
            _options.Observer?.Published(node);
        }
        catch
        {
            // Somebody may have been handed the node: for him its device is gone.
            node.MarkGone();
            _registry.Withdraw(node);
            node.Retire();
            throw;
        }

        attachment.Nodes = [.. attachment.Nodes, node];
        _registry.Publish(node);
        return null;
    }

    // One entry per name: a controller that is suspended and resumed all day tries again each time.
    private void Refuse(string name, Exception reason)
    {
        var cause = reason as UciIOException ?? new UciIOException(UciErrno.InputOutput, $"{name} could not be published: {reason.Message}", reason);
        _refusals = [.. _refusals.Where(refusal => refusal.NodeName != name), new UciRefusal(name, cause)];
    }

    private void EndAll()
    {
        _isStarted = false;
        List<UciNode> gone = [];
        foreach (UciAttachment attachment in _attachments)
        {
            attachment.End();
            gone.AddRange(Retire(attachment));
        }

        Tell(gone);
    }

    private void End(UciAttachment attachment)
    {
        attachment.End();
        Withdraw(attachment);
    }

    private void Withdraw(UciAttachment attachment) => Tell(Retire(attachment));

    // Nobody is there to be told that an observer failed: it is kept for who looks.
    private void WithdrawUnasked(UciAttachment attachment)
    {
        try
        {
            Withdraw(attachment);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Refuse(attachment.Controller.Name, exception);
        }
    }

    // In this order: waiters see a device that is gone, not a channel that was reset, and find no node to open again.
    private UciNode[] Retire(UciAttachment attachment)
    {
        UciNode[] nodes = attachment.Nodes;
        attachment.Nodes = [];
        foreach (UciNode node in nodes)
        {
            node.MarkGone();
        }

        foreach (UciNode node in nodes)
        {
            _registry.Withdraw(node);
            node.Retire();
        }

        return nodes;
    }

    // When all of it has happened: an observer may take its time. One that fails is told of the others all the same.
    private void Tell(IEnumerable<UciNode> gone)
    {
        if (_options.Observer is not { } observer)
        {
            return;
        }

        ExceptionDispatchInfo? fault = null;
        foreach (UciNode node in gone)
        {
            LockRules.RunClientCode();
            try
            {
                observer.Withdrawn(node);
            }
            catch (Exception exception)
            {
                fault ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        fault?.Throw();
    }

    // A device at rest is in mission mode: it comes back for whoever opens a channel.
    private static bool HasChannels(MhiControllerState state) => state is MhiControllerState.MissionMode
        or MhiControllerState.Suspending or MhiControllerState.Suspended or MhiControllerState.Resuming;

    private static ChannelDirections DirectionsOf(DeviceProfile profile, string name)
    {
        ChannelDirections directions = 0;
        foreach (ChannelProfile channel in profile.Channels)
        {
            if (channel.Name == name)
            {
                directions |= channel.Type == ChannelType.Outbound ? ChannelDirections.Uplink : ChannelDirections.Downlink;
            }
        }

        return directions;
    }
}
