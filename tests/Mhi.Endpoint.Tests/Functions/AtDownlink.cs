using System;
using System.Collections.Generic;
using System.Text;
using Mhi.Endpoint.Functions;

namespace Mhi.Endpoint.Tests.Functions;

/// <summary>A host that has buffers for so many packets, and keeps what it gets.</summary>
internal sealed class AtDownlink : IDownlink
{
    /// <summary>How many more packets it takes.</summary>
    public int Credits { get; set; } = int.MaxValue;

    /// <summary>What it got.</summary>
    public List<string> Packets { get; } = [];

    /// <summary>All it got, put together.</summary>
    public string Text => string.Concat(Packets);

    public bool CanSend => Credits > 0;

    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        if (!CanSend)
        {
            return false;
        }

        Credits--;
        Packets.Add(Encoding.Latin1.GetString(packet));
        return true;
    }
}
