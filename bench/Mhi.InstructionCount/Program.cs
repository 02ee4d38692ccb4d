using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Mhi.InstructionCount.Callgrind;
using Mhi.InstructionCount.Reporting;
using Mhi.InstructionCount.Workloads;

namespace Mhi.InstructionCount;

/// <summary>Measures by starting itself under callgrind; with <c>run</c> it is what is measured.</summary>
internal static class Program
{
    /// <summary>First argument of a process that only runs a workload.</summary>
    public const string RunCommand = "run";

    private const int PacketOperations = 1000 * AllWorkloads.Burst;
    private const int ElementOperations = 1000 * AllWorkloads.Burst;

    private const string Usage = """
        Usage: Mhi.InstructionCount [--json] [--functions N] [--only NAME]...
               Mhi.InstructionCount run NAME COUNT
        Names:
        """;

    private static int Main(string[] args)
    {
        try
        {
            if (args is [RunCommand, string name, string count]
                && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int operations))
            {
                Find(name).Run(operations);
                return 0;
            }

            Report(Arguments.Parse(args));
            return 0;
        }
        catch (ArgumentException exception)
        {
            Console.Error.WriteLine(exception.Message);
            Console.Error.WriteLine(Usage);
            foreach (Workload workload in AllWorkloads.List)
            {
                Console.Error.WriteLine("  " + workload.Name);
            }

            return 2;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    private static void Report(Arguments arguments)
    {
        IEnumerable<Workload> wanted = arguments.Only.Count == 0 ? AllWorkloads.List : arguments.Only.Select(Find);
        List<Measurement> measurements = [.. wanted.Select(static workload =>
            Measurement.Of(workload, workload.Kind == WorkloadKind.Packet ? PacketOperations : ElementOperations))];
        if (arguments.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            JsonReport.Write(output, measurements, arguments.Functions);
        }
        else
        {
            MarkdownReport.Write(Console.Out, measurements, arguments.Functions);
        }
    }

    private static Workload Find(string name) =>
        AllWorkloads.List.FirstOrDefault(workload => workload.Name == name)
        ?? throw new ArgumentException($"There is no workload '{name}'.");
}
