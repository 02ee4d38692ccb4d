using System;
using System.Collections.Generic;
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
        lock (_changes)
        {
            if (!_isStarted || !_attachments.Contains(attachment))
            {
                return;
            }

            if (attachment.TakeLoss())
            {
                Withdraw(attachment);
            }

            if (attachment.Nodes.Length == 0)
            {
                try
                {
                    PublishAll(attachment);
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

    private void PublishAll(UciAttachment attachment)
    {
        MhiController controller = attachment.Controller;
        if (controller.State != MhiControllerState.MissionMode)
        {
            return;
        }

        HashSet<string> seen = [];
        foreach (ChannelProfile channel in controller.Profile.Channels)
        {
            if (channel.Environment != ExecutionEnvironment.Amss && channel.Environment != controller.ExecutionEnvironment)
            {
                continue;
            }

            if (_options.Table.Find(channel.Name) is { } entry && seen.Add(channel.Name))
            {
                Publish(attachment, entry);
            }
        }
    }

    private void Publish(UciAttachment attachment, UciTableEntry entry)
    {
        MhiController controller = attachment.Controller;
        ChannelDirections directions = entry.Directions & DirectionsOf(controller.Profile, entry.Name);
        if (directions == 0)
        {
            return;
        }

        string name = DeviceNodeName.For(controller.Name, entry.Name);
        if (!_registry.TryReserve(name, out int minor, out UciIOException? refusal))
        {
            Refuse(name, refusal);
            return;
        }

        var node = new UciNode(controller, entry, directions, minor, ++_generation, _options.Linger);
        try
        {
            _options.Observer?.Published(node);
        }
        catch
        {
            // Somebody may have been handed the node: for him its device is gone.
            node.Retire();
            _registry.Withdraw(node);
            throw;
        }

        attachment.Nodes = [.. attachment.Nodes, node];
        _registry.Publish(node);
    }

    private void Refuse(string name, Exception reason) => _refusals = _refusals.Add(new UciRefusal(
        name,
        reason as UciIOException ?? new UciIOException(UciErrno.InputOutput, $"{name} could not be published: {reason.Message}", reason)));

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

    // In this order: waiters see a device that is gone, not a channel that was reset.
    private void Withdraw(UciAttachment attachment)
    {
        UciNode[] nodes = attachment.Nodes;
        attachment.Nodes = [];
        foreach (UciNode node in nodes)
        {
            node.Retire();
            _registry.Withdraw(node);
            node.ResetRetired();
            _options.Observer?.Withdrawn(node);
        }
    }

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
