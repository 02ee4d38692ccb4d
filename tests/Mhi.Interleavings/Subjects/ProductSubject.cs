using System.Collections.Generic;
using Mhi.Interleavings.Scheduling;
using Mhi.Uci;
using Xunit;

namespace Mhi.Interleavings.Subjects;

/// <summary>The product's node.</summary>
internal sealed class ProductSubject(Bed bed) : Subject
{
    private readonly List<UciHandle> _open = [];

    internal override Execution Execution => bed.Execution;

    internal override bool Runs => bed.Device.Runs;

    internal override IReadOnlyList<byte[]> Received => bed.Device.Received;

    internal override object Open()
    {
        UciHandle handle = bed.Open();
        _open.Add(handle);
        return handle;
    }

    internal override object? TryOpen()
    {
        try
        {
            return Open();
        }
        catch (UciIOException)
        {
            return null;
        }
    }

    internal override void Close(object file)
    {
        var handle = (UciHandle)file;
        _ = _open.Remove(handle);
        bed.Close(handle);
    }

    internal override byte[] Read(object file, int most)
    {
        byte[] buffer = new byte[most];
        return buffer[..((UciHandle)file).Read(buffer)];
    }

    internal override void Write(object file, byte[] data) => Assert.Equal(data.Length, ((UciHandle)file).Write(data));

    internal override void TryWrite(object file, byte[] data) => Write(file, data);

    internal override void Send(params byte[] packet) => bed.Device.Send(packet);

    internal void CloseAll()
    {
        while (_open.Count != 0)
        {
            Close(_open[0]);
        }
    }
}
