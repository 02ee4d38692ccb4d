using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Mhi.InstructionCount.Callgrind;
using Mhi.InstructionCount.Workloads;

namespace Mhi.InstructionCount.Reporting;

/// <summary>The measurements as one JSON object.</summary>
internal static class JsonReport
{
    public static void Write(Stream output, IReadOnlyList<Measurement> measurements, int functions)
    {
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("runtime", Environment.Version.ToString());
            WriteList(writer, "packets", measurements, WorkloadKind.Packet, functions);
            WriteList(writer, "elements", measurements, WorkloadKind.Element, functions);
            writer.WriteStartArray("anchors");
            foreach (Anchor anchor in Anchor.List)
            {
                writer.WriteStartObject();
                writer.WriteString("name", anchor.Name);
                writer.WriteNumber("instructions", anchor.InstructionsPerElement);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteList(
        Utf8JsonWriter writer, string property, IReadOnlyList<Measurement> measurements, WorkloadKind kind, int functions)
    {
        writer.WriteStartArray(property);
        foreach (Measurement one in measurements)
        {
            if (one.Workload.Kind == kind)
            {
                WriteOne(writer, one, functions);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter writer, Measurement one, int functions)
    {
        writer.WriteStartObject();
        writer.WriteString("name", one.Workload.Name);
        writer.WriteString("title", one.Workload.Title);
        WriteFigure(writer, "instructions", one.Total);
        if (one.Workload.Kind == WorkloadKind.Packet)
        {
            WriteFigure(writer, "client", one.Client);
            WriteFigure(writer, "poll", one.Poll);
            WriteFigure(writer, "hostCopies", one.HostCopies);
            WriteFigure(writer, "endpoint", one.Endpoint);
            WriteFigure(writer, "endpointCopies", one.EndpointCopies);
        }

        if (functions > 0)
        {
            writer.WriteStartArray("functions");
            foreach ((string name, double instructions) in one.TopFunctions(functions))
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                WriteFigure(writer, "instructions", instructions);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteFigure(Utf8JsonWriter writer, string property, double value) =>
        writer.WriteNumber(property, Math.Round(value, 2));
}
