using System;
using System.IO;
using Mhi.Interop;
using Mhi.Nodes.Server;

namespace Mhi.Nodes;

/// <summary>Serves streams as files that any program can open. Members may be called by any thread, but one at a time.</summary>
public abstract class NodeServer : IDisposable
{
    private protected NodeServer(NodeServerOptions options)
    {
        Options = options.Validated();
        Closer = new HandleCloser(Faults);
    }

    /// <summary>Ends when programs cannot reach the nodes any more: somebody unmounted them, or <see cref="Dispose"/> was called.</summary>
    public abstract bool HasEnded { get; }

    /// <summary>The first fault of the server itself; null while there is none. A program may have got EIO for it.</summary>
    public Exception? Fault => Faults.First;

    private protected NodeServerOptions Options { get; }

    private protected ServerFaults Faults { get; } = new();

    private protected HandleCloser Closer { get; }

    /// <summary>Makes a node.</summary>
    /// <param name="file">The stream behind it.</param>
    /// <returns>Path of the node.</returns>
    /// <exception cref="NodeException">The name is in use, or the kernel refused.</exception>
    public abstract string Publish(NodeFile file);

    /// <summary>
    /// Takes a node away: the name is gone at once, waiting programs are woken, and open files report that the device has
    /// gone.
    /// </summary>
    /// <param name="file">The stream behind it.</param>
    /// <returns>False when it has no node.</returns>
    public abstract bool Withdraw(NodeFile file);

    /// <summary>Takes all nodes away and ends the server; nothing is left mounted.</summary>
    public abstract void Dispose();

    /// <summary>Says what to do about a refusal of the kernel.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="device">The file that the kernel's module makes.</param>
    /// <param name="remedy">What to do when the kernel lacks what is needed.</param>
    /// <returns>The exception to throw.</returns>
    internal static NodeException Refused(SystemCallException refusal, string device, string remedy)
    {
        string advice = refusal.NativeErrorCode switch
        {
            Errno.NotPermitted or Errno.Access => " Run as root.",
            Errno.NoEntry when File.Exists(device) => "",
            Errno.NoEntry or Errno.NoDevice or Errno.NoAddress => $" The kernel's module is missing: run {remedy}.",
            _ => "",
        };
        return new NodeException(refusal.Message + advice, refusal.NativeErrorCode, refusal);
    }

    private protected static void CheckName(string name)
    {
        if (name.Length is 0 or > 255 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\0')
            || System.Text.Encoding.UTF8.GetByteCount(name) > 255)
        {
            throw new ArgumentException($"'{name}' cannot be the name of a file.", nameof(name));
        }
    }
}
