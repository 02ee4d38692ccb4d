using System.Collections.Immutable;
using System.Text.Json;
using Mhi.Gateway.Output;
using Mhi.Pci;

namespace Mhi.Gateway.Bus;

/// <summary>The list for programs.</summary>
internal static class ListJson
{
    /// <summary>Writes the list.</summary>
    /// <param name="functions">The functions.</param>
    /// <returns>A JSON array on one line.</returns>
    internal static string Write(ImmutableArray<ListedFunction> functions) => JsonText.Write(json =>
    {
        json.WriteStartArray();
        foreach (ListedFunction function in functions)
        {
            json.WriteStartObject();
            WriteFunction(json, function.Device);
            json.WriteString("profile"u8, function.Profile?.Id);
            json.WriteString("next"u8, function.Next);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteFunction(Utf8JsonWriter json, PciDevice device)
    {
        json.WriteString("function"u8, device.Address.ToString());
        json.WriteString("id"u8, device.Identity.ToString());
        json.WriteString("driver"u8, device.Driver);
        json.WriteString("driverOverride"u8, device.DriverOverride);
        if (device.IommuGroup is { } group)
        {
            json.WriteNumber("iommuGroup"u8, group);
        }
        else
        {
            json.WriteNull("iommuGroup"u8);
        }

        json.WriteStartArray("groupMembers"u8);
        foreach (PciGroupMember member in device.GroupMembers)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, member.Name);
            json.WriteString("driver"u8, member.Driver);
            json.WriteBoolean("keepsGroupFromPrograms"u8, member.KeepsGroupFromPrograms);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("link"u8, device.Link?.ToString());
        json.WriteString("resetMethods"u8, string.Join(' ', device.ResetMethods));
        json.WriteString("powerState"u8, device.PowerState);
    }
}
