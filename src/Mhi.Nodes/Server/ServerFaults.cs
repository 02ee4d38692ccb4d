using System;
using System.Threading;

namespace Mhi.Nodes.Server;

/// <summary>Remembers what should not have happened: a fault is answered with EIO and ends nothing. Any thread.</summary>
internal sealed class ServerFaults
{
    private Exception? _first;

    /// <summary>The first fault; null while there is none.</summary>
    internal Exception? First => Volatile.Read(ref _first);

    /// <summary>Remembers a fault.</summary>
    /// <param name="fault">The fault.</param>
    internal void Report(Exception fault) => _ = Interlocked.CompareExchange(ref _first, fault, null);
}
