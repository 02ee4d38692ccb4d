using System;
using System.Text.Json;
using Mhi.Channels;
using Mhi.Gateway.Output;

namespace Mhi.Gateway.Table;

/// <summary>The match table for programs.</summary>
internal static class TableJson
{
    /// <summary>Writes the table.</summary>
    /// <param name="entries">Its rows.</param>
    /// <returns>A JSON array on one line.</returns>
    internal static string Write(ReadOnlySpan<ChannelTableEntry> entries)
    {
        ChannelTableEntry[] rows = entries.ToArray();
        return JsonText.Write(json =>
        {
            json.WriteStartArray();
            foreach (ChannelTableEntry row in rows)
            {
                WriteRow(json, row);
            }

            json.WriteEndArray();
        });
    }

    private static void WriteRow(Utf8JsonWriter json, ChannelTableEntry row)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, row.Name);
        json.WriteNumber("mtu"u8, row.Mtu);
        json.WriteString("directions"u8, TableWords.Of(row.Directions));
        json.WriteNumber("poolDepth"u8, row.PoolDepth);
        json.WriteBoolean("deliverEmptyPackets"u8, row.DeliverEmptyPackets);
        json.WriteString("writePolicy"u8, TableWords.Of(row.WritePolicy));
        json.WriteString("class"u8, row.TypeName);
        json.WriteString("description"u8, row.Description);
        json.WriteEndObject();
    }
}
