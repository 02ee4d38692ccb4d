using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Mhi.Channels;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;
using Mhi.Nodes;
using Mhi.Uci;

namespace Mhi.Gateway.Nodes;

/// <summary>Serves the channels of a device as nodes until told to stop.</summary>
internal static class NodesRun
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Serves.</summary>
    /// <param name="request">What is wanted.</param>
    /// <returns>What the program ends with.</returns>
    internal static ExitCode Run(NodesRequest request)
    {
        using var stop = new ManualResetEventSlim();
        using var signals = new InterruptSignals(stop.Set);
        var options = new NodeServerOptions { Permissions = request.Permissions };
        if (options.RequestTimeout is { } timeout && request.Place != NodesPlace.Devices)
        {
            Say(KernelRequestTimeout.Warning(timeout));
        }

        try
        {
            using var keeper = new DeviceKeeper(request.Device, Say);

            // Disposed after the server: until then there is a mount to guard.
            using var guardian = new MountGuardian();
            using NodeServer server = OpenServer(request, options);
            Guard(server, guardian);
            var faults = new FaultReport(Say);
            var nodes = new ChannelNodes(server);
            using var host = new UciHost(new UciHostOptions { Table = TableOf(request.Channels), Observer = nodes });
            keeper.AttachTo(host);
            host.Start();
            Report(host, nodes, request);
            while (!stop.Wait(s_lookInterval))
            {
                keeper.Look();
                faults.Look(server.Fault);
                if (server.HasEnded)
                {
                    string what = server is MountedNodeServer ? $"unmounted '{request.Folder}'" : "aborted the connection of a character device";
                    throw new GatewayException($"Somebody has {what}; start 'mhi nodes' again to have the nodes back.");
                }
            }

            return signals.ExitCode ?? ExitCode.Done;
        }
        catch (Exception exception) when (exception is NodeException or UciIOException)
        {
            throw new GatewayException(exception.Message, cause: exception);
        }
    }

    private static void Say(string sentence) => StandardStreams.WriteErrorText(sentence + "\n");

    private static void Guard(NodeServer server, MountGuardian guardian)
    {
        if (server is not MountedNodeServer mounted)
        {
            return;
        }

        guardian.Watch(mounted.Identity);
        if (mounted.IsSerial)
        {
            Say("This kernel, older than Linux 6.2, has one program at a time write to a node: while a write waits for room, others hang, even with O_NONBLOCK, and no signal ends them.");
        }
    }

    private static NodeServer OpenServer(NodesRequest request, NodeServerOptions options)
    {
        if (request.Place == NodesPlace.Devices)
        {
            return CharacterNodeServer.Create(options);
        }

        if (request.Place == NodesPlace.Best && CharacterNodeServer.IsAvailable)
        {
            StandardStreams.WriteErrorText("The nodes are character devices, made with CUSE.\n");
            return CharacterNodeServer.Create(options);
        }

        MountedNodeServer server = MountedNodeServer.Mount(request.Folder, options);
        string reason = request.Place == NodesPlace.Best ? ", because /dev/cuse cannot be opened" : "";
        StandardStreams.WriteErrorText($"The nodes are files in {server.Path}, made with FUSE{reason}.\n");
        return server;
    }

    private static UciTable TableOf(IReadOnlyCollection<string> channels)
    {
        var entries = new List<ChannelTableEntry>();
        foreach (ref readonly ChannelTableEntry entry in ChannelTable.Entries)
        {
            if (channels.Count == 0 || channels.Contains(entry.Name))
            {
                entries.Add(entry);
            }
        }

        return UciTable.From(CollectionsMarshal.AsSpan(entries));
    }

    // One path per line on standard output, when all of them work: a script waits for the lines.
    private static void Report(UciHost host, ChannelNodes nodes, NodesRequest request)
    {
        foreach (UciRefusal refusal in host.Refusals)
        {
            StandardStreams.WriteErrorText($"{refusal.Reason.Message}\n");
        }

        if (nodes.Paths.IsEmpty)
        {
            throw new GatewayException(
                $"The device has no channel {(request.Channels.IsEmpty ? "of channels.json" : string.Join(" or ", request.Channels))} in mission mode; `mhi table` lists what can be asked for.");
        }

        StandardStreams.WriteText(string.Join('\n', nodes.Paths) + "\n");
    }
}
