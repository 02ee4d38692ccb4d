using System;
using System.Collections.Generic;
using System.Linq;
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
        using (_changes.EnterScope())
        {
            if (!_isStarted || !_attachments.Contains(attachment))
            {
                return;
            }

            if (attachment.IsLost)
            {
                Withdraw(attachment);
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
                    Withdraw(attachment);
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
        foreach (UciAttachment attachment in _attachments)
        {
            End(attachment);
        }
    }

    private void End(UciAttachment attachment)
    {
        attachment.End();
        Withdraw(attachment);
    }

    // In this order: waiters see a device that is gone, not a channel that was reset, and find no node to open again. All are
    // told before any is taken away, which takes its time.
    private void Withdraw(UciAttachment attachment)
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
            LockRules.RunClientCode();
            _options.Observer?.Withdrawn(node);
        }
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
