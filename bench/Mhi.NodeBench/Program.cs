using System;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading;
using Mhi.Nodes;

namespace Mhi.NodeBench;

/// <summary>Serves a null device until told to stop; prints its path once it can be opened.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not [string folder, string count]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) || threads is < 1 or > 64)
        {
            Console.Error.WriteLine("Usage: Mhi.NodeBench DIR THREADS, 1 to 64 of them");
            return 2;
        }

        using var stop = new ManualResetEventSlim();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Set();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            using MountedNodeServer server = MountedNodeServer.Mount(folder, new NodeServerOptions { Threads = threads });
            Console.Out.WriteLine(server.Publish(new NullFile()));
            stop.Wait();
            return 0;
        }
        catch (NodeException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }
}
