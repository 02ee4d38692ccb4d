using System;

namespace Mhi.Interop.Sockets;

/// <summary>A peer sent more descriptors with one message than can be received. Some of them are lost.</summary>
public sealed class TooManyDescriptorsException : Exception
{
    internal TooManyDescriptorsException()
        : base($"More than {LocalSocket.MaxDescriptors} descriptors came with one message.")
    {
    }
}
