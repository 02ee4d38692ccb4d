using Mhi.Gateway.Commands;
using Mhi.Gateway.Output;

namespace Mhi.Gateway;

internal static class Program
{
    private static int Main(string[] args)
    {
        ProcessClock.Start();
        StandardStreams.Secure();
        return CommandLine.Run(args);
    }
}
