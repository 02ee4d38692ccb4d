using System;
using System.Collections.Generic;
using Mhi.Interleavings.Scheduling;

namespace Mhi.Interleavings.Subjects;

/// <summary>A node with its device, as the scenarios of the seed driver's defects see it: the product's, or the seed's.</summary>
internal abstract class Subject
{
    internal abstract Execution Execution { get; }

    /// <summary>Whether the device runs the channel.</summary>
    internal abstract bool Runs { get; }

    /// <summary>Packets that the device has completed.</summary>
    internal abstract IReadOnlyList<byte[]> Received { get; }

    /// <summary>Makes a scenario on the product.</summary>
    internal static Action<Execution> OfProduct(BedOptions options, Action<Subject> body) => Bed.Scenario(options, bed =>
    {
        var subject = new ProductSubject(bed);
        body(subject);
        subject.CloseAll();
    });

    /// <summary>Makes the same scenario on the model of the seed driver.</summary>
    internal static Action<Execution> OfSeed(BedOptions options, Action<Subject> body) =>
        execution => body(new SeedSubject(execution, options));

    /// <summary>Opens the node.</summary>
    internal abstract object Open();

    /// <summary>Opens the node.</summary>
    /// <returns>The file; null when the channel could not be started.</returns>
    internal abstract object? TryOpen();

    internal abstract void Close(object file);

    internal abstract byte[] Read(object file, int most);

    internal abstract void Write(object file, byte[] data);

    /// <summary>Writes; a failure is no matter here.</summary>
    internal abstract void TryWrite(object file, byte[] data);

    /// <summary>Lets the device send a packet.</summary>
    internal abstract void Send(params byte[] packet);
}
