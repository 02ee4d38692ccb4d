using System;
using System.IO;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Loopback;

/// <summary>Bytes of a file or of standard input.</summary>
internal sealed class StreamSource : PacketSource
{
    private readonly Stream _stream;
    private readonly string _name;
    private long _taken;

    private StreamSource(Stream stream, string name, long? length)
    {
        _stream = stream;
        _name = name;
        Length = length;
    }

    /// <summary>Bytes the file had when it was opened; null for a pipe, a terminal or a device.</summary>
    internal override long? Length { get; }

    /// <summary>Opens an input.</summary>
    /// <param name="path">Path of the file, or <c>-</c> for standard input.</param>
    /// <returns>The source.</returns>
    /// <exception cref="GatewayException">It cannot be opened.</exception>
    internal static StreamSource Open(string path)
    {
        if (path == "-")
        {
            return new StreamSource(StandardStreams.OpenInput(), "Standard input", null);
        }

        if (Directory.Exists(path))
        {
            throw new GatewayException($"The input '{path}' is a directory; --in needs a file.");
        }

        try
        {
            // Others may go on writing to the file; whether it shrinks meanwhile is checked at its end.
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return new StreamSource(file, $"The input '{path}'", file.CanSeek && file.Length > 0 ? file.Length : null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GatewayException($"The input '{path}' does not exist.", cause: exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new GatewayException($"The input '{path}' may not be read: permission denied.", cause: exception);
        }
        catch (IOException exception)
        {
            throw new GatewayException($"The input '{path}' cannot be opened: {IoFault.Reason(exception)}.", cause: exception);
        }
    }

    /// <inheritdoc/>
    internal override int Read(Span<byte> destination)
    {
        int count;
        try
        {
            count = _stream.Read(destination);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string reason = exception is IOException io ? IoFault.Reason(io) : "permission denied";
            throw new GatewayException($"{_name} could not be read after {_taken} bytes: {reason}.", cause: exception);
        }

        if (count == 0 && Length is { } length && _taken < length)
        {
            throw new GatewayException($"{_name} became shorter while it was read: it had {length} bytes and ended after {_taken}.");
        }

        _taken += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _stream.Dispose();
    }
}
