using System;
using System.IO;
using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;
using Mhi.Interop;
using Mhi.Interop.Processes;
using Mhi.Nodes;

namespace Mhi.Gateway.Nodes;

/// <summary>
/// A second process of this program that takes the mount away when this one was killed. It waits for the end of a pipe that
/// only this process holds, and finds nothing to do after an end in order.
/// </summary>
internal sealed class MountGuardian : IDisposable
{
    private Companion? _companion;

    /// <summary>Starts it. Without it everything works, so a failure is only said.</summary>
    /// <param name="mount">The mount.</param>
    internal void Watch(NodeMount mount)
    {
        string program = Environment.ProcessPath ?? "/proc/self/exe";
        try
        {
            // A program that was not compiled to native code is the first argument of its runtime.
            _companion = Path.GetFileName(program) == "dotnet"
                ? Companion.Start(program, Environment.GetCommandLineArgs()[0], GuardMountCommand.Name, mount.Path, mount.Device)
                : Companion.Start(program, GuardMountCommand.Name, mount.Path, mount.Device);
        }
        catch (SystemCallException exception)
        {
            StandardStreams.WriteErrorText($"Should this program be killed, its mount stays until the next start: {exception.Message}\n");
        }
    }

    /// <summary>What the second process does.</summary>
    /// <param name="mount">The mount.</param>
    internal static void Run(NodeMount mount)
    {
        using (Stream input = StandardStreams.OpenInput())
        {
            input.CopyTo(Stream.Null);
        }

        _ = mount.RemoveIfDead();
    }

    /// <summary>Lets it go; the mount has been taken away.</summary>
    public void Dispose() => _companion?.Dispose();
}
