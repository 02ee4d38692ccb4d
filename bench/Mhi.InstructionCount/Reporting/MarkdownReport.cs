using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Mhi.InstructionCount.Callgrind;
using Mhi.InstructionCount.Workloads;

namespace Mhi.InstructionCount.Reporting;

/// <summary>The measurements as Markdown tables.</summary>
internal static class MarkdownReport
{
    public static void Write(TextWriter output, IReadOnlyList<Measurement> measurements, int functions)
    {
        List<Measurement> packets = [.. measurements.Where(static one => one.Workload.Kind == WorkloadKind.Packet)];
        if (packets.Count != 0)
        {
            WritePackets(output, packets);
        }

        List<Measurement> elements = [.. measurements.Where(static one => one.Workload.Kind == WorkloadKind.Element)];
        if (elements.Count != 0)
        {
            WriteElements(output, elements);
        }

        if (functions > 0)
        {
            WriteFunctions(output, measurements, functions);
        }
    }

    private static void WritePackets(TextWriter output, List<Measurement> packets)
    {
        output.WriteLine("| Packet to the device and back | Total | Host | of it client calls | of it polls | of it copies | Endpoint | of it copies |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (Measurement one in packets)
        {
            double[] figures = [one.Total, one.Client + one.Poll, one.Client, one.Poll, one.HostCopies, one.Endpoint, one.EndpointCopies];
            output.WriteLine($"| {one.Workload.Title} | {string.Join(" | ", figures.Select(Figure))} |");
        }

        output.WriteLine();
    }

    private static void WriteElements(TextWriter output, List<Measurement> elements)
    {
        output.WriteLine("| Element of 8 bytes, in and out | Instructions |");
        output.WriteLine("| --- | ---: |");
        foreach (Measurement one in elements)
        {
            output.WriteLine($"| {one.Workload.Title} | {Figure(one.Total)} |");
        }

        foreach (Anchor anchor in Anchor.List)
        {
            output.WriteLine($"| *to beat: {anchor.Name}* | *{Figure(anchor.InstructionsPerElement)}* |");
        }

        output.WriteLine();
    }

    private static void WriteFunctions(TextWriter output, IReadOnlyList<Measurement> measurements, int functions)
    {
        foreach (Measurement one in measurements)
        {
            output.WriteLine($"| {one.Workload.Title}: function | Its own instructions |");
            output.WriteLine("| --- | ---: |");
            foreach ((string name, double instructions) in one.TopFunctions(functions))
            {
                output.WriteLine($"| `{name}` | {Figure(instructions)} |");
            }

            output.WriteLine();
        }
    }

    private static string Figure(double value) => value.ToString(Math.Abs(value) < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
