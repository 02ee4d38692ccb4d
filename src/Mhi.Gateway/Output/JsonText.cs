using System;
using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Mhi.Gateway.Output;

/// <summary>
/// JSON on one line. The serializer, source generated or not, would add a quarter of a megabyte to the program for two
/// outputs; the writer below it does the same in as many lines.
/// </summary>
internal static class JsonText
{
    /// <summary>Writes a value.</summary>
    /// <param name="write">Writes it with the writer it is given.</param>
    /// <returns>The text, with its line end.</returns>
    internal static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
