using System;
using System.Buffers.Binary;

namespace Mhi.Endpoint.Functions.Mbim;

/// <summary>A command of the host, joined from its fragments.</summary>
internal sealed class MbimCommand
{
    /// <summary>Longest information buffer that is taken.</summary>
    internal const int MaxInfoLength = 0x1_0000;

    private readonly byte[] _command = new byte[MbimFormat.CommandLength + MaxInfoLength];
    private int _length;
    private int _wanted;
    private uint _fragments;
    private uint _next;

    /// <summary>Whether fragments of a command are missing.</summary>
    public bool IsIncomplete => _next != _fragments;

    /// <summary>Transaction of the command.</summary>
    public uint Transaction { get; private set; }

    /// <summary>Service and CID, as they go back in the answer.</summary>
    public ReadOnlySpan<byte> Target => _command.AsSpan(0, MbimFormat.ServiceLength + 4);

    /// <summary>UUID of the service.</summary>
    public ReadOnlySpan<byte> Service => _command.AsSpan(0, MbimFormat.ServiceLength);

    /// <summary>What the service is to do.</summary>
    public uint Cid => Number(_command, MbimFormat.ServiceLength);

    /// <summary>0 to ask, 1 to set.</summary>
    public uint Kind => Number(_command, MbimFormat.ServiceLength + 4);

    /// <summary>The information buffer.</summary>
    public ReadOnlySpan<byte> Info => _command.AsSpan(MbimFormat.CommandLength, _length - MbimFormat.CommandLength);

    /// <summary>Forgets fragments.</summary>
    public void Drop()
    {
        _fragments = 0;
        _next = 0;
    }

    /// <summary>Takes one fragment. After an error the command is forgotten.</summary>
    /// <param name="message">The message, not shorter than its fragment header.</param>
    /// <returns>What is wrong with it, if anything.</returns>
    public MbimError Take(ReadOnlySpan<byte> message)
    {
        MbimError error = Number(message, MbimFormat.Fragment) == 0 ? Begin(message) : Continue(message);
        if (error != MbimError.None)
        {
            Drop();
        }

        return error;
    }

    private MbimError Begin(ReadOnlySpan<byte> message)
    {
        uint fragments = Number(message, MbimFormat.Fragments);
        if (fragments == 0)
        {
            return MbimError.FragmentOutOfSequence;
        }

        if (message.Length < MbimFormat.CommandHeaderLength)
        {
            return MbimError.LengthMismatch;
        }

        uint info = Number(message, MbimFormat.CommandHeaderLength - 4);
        if (info > MaxInfoLength)
        {
            return MbimError.MaxTransfer;
        }

        Transaction = Number(message, MbimFormat.Transaction);
        _fragments = fragments;
        _next = 0;
        _length = 0;
        _wanted = MbimFormat.CommandLength + (int)info;
        return Append(message);
    }

    private MbimError Continue(ReadOnlySpan<byte> message)
    {
        bool isNext = IsIncomplete
            && Number(message, MbimFormat.Fragments) == _fragments
            && Number(message, MbimFormat.Fragment) == _next
            && Number(message, MbimFormat.Transaction) == Transaction;
        return isNext ? Append(message) : MbimError.FragmentOutOfSequence;
    }

    private MbimError Append(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> data = message[MbimFormat.FragmentHeaderLength..];
        if (data.Length > _wanted - _length)
        {
            return MbimError.LengthMismatch;
        }

        data.CopyTo(_command.AsSpan(_length));
        _length += data.Length;
        _next++;
        return IsIncomplete || _length == _wanted ? MbimError.None : MbimError.LengthMismatch;
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
