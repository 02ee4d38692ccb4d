using System;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mhi.Channels;

namespace Mhi.Gateway.Table;

/// <summary>The match table for programs.</summary>
internal static class TableJson
{
    /// <summary>Writes the table.</summary>
    /// <param name="entries">Its rows.</param>
    /// <returns>A JSON array on one line.</returns>
    internal static string Write(ReadOnlySpan<ChannelTableEntry> entries)
    {
        var rows = new TableRow[entries.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = TableRow.From(entries[i]);
        }

        return JsonSerializer.Serialize(rows, TableJsonContext.Default.TableRowArray) + "\n";
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TableRow[]))]
internal sealed partial class TableJsonContext : JsonSerializerContext;
