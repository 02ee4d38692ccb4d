using System;
using System.IO;
using System.Security.Cryptography;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Loopback;

/// <summary>
/// Where the echo goes: collected in a block of the program's own memory, then hashed and written from there, so that what
/// was checked is what was written whatever the device does to its buffers. Used by the receiver's thread.
/// </summary>
internal sealed class EchoTarget : IDisposable
{
    private const int BlockLength = 128 * 1024;

    private readonly Stream? _stream;
    private readonly string _name;
    private readonly byte[] _block = GC.AllocateUninitializedArray<byte>(BlockLength);
    private int _used;
    private volatile bool _isWriting;

    private EchoTarget(Stream? stream, string name)
    {
        _stream = stream;
        _name = name;
    }

    /// <summary>Whether the receiver waits for the output, not for the device. Any thread.</summary>
    internal bool IsWriting => _isWriting;

    /// <summary>Opens an output.</summary>
    /// <param name="path">Path of the file, <c>-</c> for standard output, null to drop the bytes.</param>
    /// <returns>The target.</returns>
    /// <exception cref="GatewayException">It cannot be opened.</exception>
    internal static EchoTarget Open(string? path)
    {
        if (path is null)
        {
            return new EchoTarget(null, "");
        }

        if (path == "-")
        {
            return new EchoTarget(StandardStreams.OpenOutput(), "Standard output");
        }

        if (Directory.Exists(path))
        {
            throw new GatewayException($"The output '{path}' is a directory; --out needs a file.");
        }

        try
        {
            return new EchoTarget(
                new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0), $"The output '{path}'");
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new GatewayException($"The output '{path}' cannot be created: its directory does not exist.", cause: exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new GatewayException($"The output '{path}' may not be written: permission denied.", cause: exception);
        }
        catch (IOException exception)
        {
            throw new GatewayException($"The output '{path}' cannot be opened: {IoFault.Reason(exception)}.", cause: exception);
        }
    }

    /// <summary>Takes received bytes.</summary>
    /// <param name="bytes">The bytes; they may change afterwards.</param>
    /// <param name="hash">Hash over all bytes.</param>
    internal void Append(ReadOnlySpan<byte> bytes, IncrementalHash hash)
    {
        while (bytes.Length > _block.Length - _used)
        {
            int room = _block.Length - _used;
            bytes[..room].CopyTo(_block.AsSpan(_used));
            bytes = bytes[room..];
            _used = _block.Length;
            Flush(hash);
        }

        bytes.CopyTo(_block.AsSpan(_used));
        _used += bytes.Length;
    }

    /// <summary>Hashes and writes what has been collected.</summary>
    /// <param name="hash">Hash over all bytes.</param>
    internal void Flush(IncrementalHash hash)
    {
        ReadOnlySpan<byte> bytes = _block.AsSpan(0, _used);
        _used = 0;
        if (bytes.IsEmpty)
        {
            return;
        }

        hash.AppendData(bytes);
        if (_stream is null)
        {
            return;
        }

        _isWriting = true;
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException exception)
        {
            throw new GatewayException($"{_name} could not take the echo: {IoFault.Reason(exception)}.", cause: exception);
        }

        _isWriting = false;
    }

    /// <summary>Closes the output.</summary>
    public void Dispose()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException exception)
        {
            throw new GatewayException($"{_name} could not be closed: {IoFault.Reason(exception)}.", cause: exception);
        }
    }
}
