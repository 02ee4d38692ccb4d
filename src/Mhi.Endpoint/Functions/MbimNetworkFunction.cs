using System;
using Mhi.Endpoint.Functions.Network;

namespace Mhi.Endpoint.Functions;

/// <summary>IP_HW0_MBIM: IP packets in NTB16 blocks, as many in one as the host likes, each session by itself.</summary>
/// <remarks>
/// The answers to one block go back in one block, under the sessions of their requests. A block that is wrong anywhere is
/// dropped as a whole. While the host has no buffers for an answer, nothing is taken.
/// </remarks>
public sealed class MbimNetworkFunction : NetworkFunction
{
    private readonly NtbWriter _writer = new();

    /// <inheritdoc/>
    public override void OnStarted() => _writer.Restart();

    /// <inheritdoc/>
    public override bool OnUplink(ReadOnlySpan<byte> packet, IDownlink downlink)
    {
        ArgumentNullException.ThrowIfNull(downlink);
        if (!downlink.CanSend)
        {
            return false;
        }

        if (!NtbReader.TryOpen(packet, out NtbReader block))
        {
            Malformed++;
            return true;
        }

        _writer.Begin();
        int datagrams = 0;
        while (block.MoveToNextTable())
        {
            datagrams += block.Datagrams;
            if (!block.IsIp)
            {
                Ignored += block.Datagrams;
                continue;
            }

            _writer.BeginTable(block.Signature, block.Datagrams);
            while (block.TryTake(out ReadOnlySpan<byte> datagram))
            {
                AnswerDatagram(datagram);
            }

            _writer.EndTable();
        }

        // A block with nothing in it is well formed and still leaves a trace in the counters.
        Ignored += datagrams == 0 ? 1 : 0;
        return !_writer.TryFinish(out ReadOnlySpan<byte> answer) || downlink.TrySend(answer);
    }

    private void AnswerDatagram(ReadOnlySpan<byte> datagram)
    {
        // The datagrams of a block are no longer than the block, so what finds no room is a host's misuse of padding.
        Span<byte> room = _writer.Room;
        if (datagram.Length > room.Length)
        {
            Ignored++;
            return;
        }

        datagram.CopyTo(room);
        int length = Answer(room[..datagram.Length]);
        if (length != 0)
        {
            _writer.Add(length);
        }
    }
}
