using System;
using Mhi.Nodes.Protocol;

namespace Mhi.Nodes.Transport;

/// <summary>
/// One connection to the kernel: a read takes one request, a write gives one reply, and nothing else exists. Any thread.
/// </summary>
internal abstract class FuseDevice : IDisposable
{
    /// <summary>Takes a request.</summary>
    /// <param name="buffer">Receives it.</param>
    /// <returns>Its length, or a negative error number: Again when none waits, NoDevice after <see cref="Stop"/>, whatever waits.</returns>
    internal abstract int Read(Span<byte> buffer);

    /// <summary>Sends a reply or a notification, both parts as one.</summary>
    /// <param name="head">The first bytes.</param>
    /// <param name="body">The bytes behind them.</param>
    /// <returns>Number of bytes, or a negative error number.</returns>
    internal abstract int Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body);

    /// <summary>Sleeps until a request waits or the connection ends.</summary>
    /// <returns>False when <see cref="Stop"/> was called.</returns>
    internal abstract bool WaitForRequest();

    /// <summary>Ends every wait and takes no further request, for good: programs could keep the requests coming.</summary>
    internal abstract void Stop();

    /// <summary>Closes the connection; the kernel aborts what is still waiting.</summary>
    public abstract void Dispose();

    /// <summary>Answers without a body.</summary>
    /// <param name="unique">Number of the request.</param>
    /// <param name="error">0, or a positive error number.</param>
    /// <returns>Whether the kernel took it.</returns>
    internal bool Reply(ulong unique, int error = 0)
    {
        Span<byte> head = stackalloc byte[Wire.ReplyHeaderLength];
        Wire.WriteHeader(head, unique, -error, 0);
        return Send(head, default) >= 0;
    }

    /// <summary>Answers with bytes.</summary>
    /// <param name="unique">Number of the request.</param>
    /// <param name="body">The bytes.</param>
    /// <returns>Whether the kernel took it.</returns>
    internal bool ReplyBytes(ulong unique, ReadOnlySpan<byte> body)
    {
        Span<byte> head = stackalloc byte[Wire.ReplyHeaderLength];
        Wire.WriteHeader(head, unique, 0, body.Length);
        return Send(head, body) >= 0;
    }

    /// <summary>Answers with a structure.</summary>
    /// <typeparam name="T">The structure.</typeparam>
    /// <param name="unique">Number of the request.</param>
    /// <param name="body">Its value.</param>
    /// <returns>Whether the kernel took it.</returns>
    internal bool ReplyWith<T>(ulong unique, in T body)
        where T : unmanaged
    {
        // In one piece: the kernel pins the pages of each piece by itself, which costs more than the copy.
        Span<byte> reply = stackalloc byte[Wire.ReplyHeaderLength + Wire.SizeOf<T>()];
        Wire.WriteHeader(reply, unique, 0, Wire.SizeOf<T>());
        Wire.Bytes(in body).CopyTo(reply[Wire.ReplyHeaderLength..]);
        return Send(reply, default) >= 0;
    }

    /// <summary>Wakes those who poll a file; they ask again.</summary>
    /// <param name="kernelHandle">What the kernel calls the file.</param>
    internal void NotifyPoll(ulong kernelHandle)
    {
        var notification = new PollNotification
        {
            Header = new ReplyHeader { Length = (uint)Wire.SizeOf<PollNotification>(), Error = PollNotification.Code },
            KernelHandle = kernelHandle,
        };

        // A connection that has ended has woken everybody already.
        _ = Send(Wire.Bytes(in notification), default);
    }
}
