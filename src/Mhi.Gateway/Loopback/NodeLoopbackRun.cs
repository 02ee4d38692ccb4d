using Mhi.Gateway.Commands;

namespace Mhi.Gateway.Loopback;

/// <summary>A loopback run through a device node, whoever made it.</summary>
/// <param name="request">What is wanted.</param>
/// <param name="path">Path of the node.</param>
internal sealed class NodeLoopbackRun(LoopbackRequest request, string path)
{
    // What the drivers of the kernel take as one packet at least.
    private const int UsualPacketSize = 4096;

    /// <summary>Runs.</summary>
    /// <returns>What the program ends with.</returns>
    internal ExitCode Run() => LoopbackRunner.Run(request, path, PacketSize, Transfer);

    private int PacketSize => request.PacketSize ?? UsualPacketSize;

    private TransferResult? Transfer(PacketSource source, EchoTarget target, TransferState state)
    {
        using var hashes = new HashPair();
        using NodePort port = NodePort.Open(path);
        hashes.Wait();
        var flights = new FlightLog(request.Window);
        var sender = new Sender<NodeSink>(new NodeSink(port), source, flights, state, hashes.Sent, PacketSize, request.Count);
        var receiver = new NodeReceiver(port, target, new EchoLog(flights, path), state, hashes.Received);
        return new Transfer(
            path, port.Stop, sender, receiver, target, hashes, state, request.TimeLimit, LoopbackRunner.Progress(request, source, PacketSize)).Run();
    }
}
