using System.Linq;
using Mhi.InstructionCount.Workloads;

namespace Mhi.InstructionCount;

internal static class Program
{
    private static int Main(string[] args)
    {
        AllWorkloads.List.Single(w => w.Name == args[1]).Run(int.Parse(args[2], null));
        return 0;
    }
}
