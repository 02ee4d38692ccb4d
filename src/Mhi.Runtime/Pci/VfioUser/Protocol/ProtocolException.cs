using System;

namespace Mhi.Pci.VfioUser.Protocol;

/// <summary>The other side has broken the protocol so that the connection cannot go on. The message is the reason, as a sentence.</summary>
internal sealed class ProtocolException : Exception
{
    internal ProtocolException(string sentence)
        : base(sentence)
    {
    }
}
