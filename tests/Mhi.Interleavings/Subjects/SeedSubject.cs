using System.Collections.Generic;
using Mhi.Interleavings.Scheduling;
using Mhi.Interleavings.Seed;

namespace Mhi.Interleavings.Subjects;

/// <summary>The model of the seed driver's node.</summary>
internal sealed class SeedSubject : Subject
{
    private readonly SeedChannel _channel;
    private readonly SeedNode _node;

    internal SeedSubject(Execution execution, BedOptions options)
    {
        Execution = execution;
        int descriptors = options.PoolDepth == 0 ? options.Elements - 1 : options.PoolDepth;
        _channel = new SeedChannel(descriptors, options.RefusedStarts);
        _node = new SeedNode(execution, _channel);
        _ = execution.Spawn("device", Run, isDaemon: true);
        execution.Settle();
    }

    internal override Execution Execution { get; }

    internal override bool Runs => _channel.Runs;

    internal override IReadOnlyList<byte[]> Received => _channel.Received;

    internal override object Open()
    {
        _node.Open();
        return _node;
    }

    internal override object? TryOpen()
    {
        try
        {
            return Open();
        }
        catch (SeedException)
        {
            return null;
        }
    }

    internal override void Close(object file) => ((SeedNode)file).Close();

    internal override byte[] Read(object file, int most) => ((SeedNode)file).Read(most);

    internal override void Write(object file, byte[] data) => ((SeedNode)file).Write(data);

    internal override void TryWrite(object file, byte[] data)
    {
        try
        {
            Write(file, data);
        }
        catch (SeedException)
        {
            // One of two outcomes; the other is looked for.
        }
    }

    internal override void Send(params byte[] packet) => _channel.ToSend.Enqueue(packet);

    private void Run()
    {
        while (true)
        {
            Execution.Block(_channel.HasWork, "device");
            _channel.Step(_node.Receive);
        }
    }
}
