using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Mhi.Protocol;
using Xunit;

namespace Mhi.Endpoint.Tests.Infrastructure;

/// <summary>Compares events by their text, which shows at a glance what differs.</summary>
internal static class AssertEvents
{
    internal static void Equal(IEnumerable<RingElement> actual, params RingElement[] expected) =>
        Assert.Equal(expected.Select(Text).ToArray(), actual.Select(Text).ToArray());

    internal static string Text(RingElement element) => element.Type switch
    {
        ElementType.StateChange => $"state {element.State}",
        ElementType.ExecutionEnvironmentChange => $"environment {element.Environment}",
        ElementType.CommandCompletion => Invariant($"command {element.Code} @{element.Address:x}"),
        ElementType.TransferCompletion =>
            Invariant($"transfer {element.Channel} {element.Code} {element.TransferLength} @{element.Address:x} word1 {element.Word1:x8}"),
        _ => Invariant($"type {element.Type} {element.Word0:x8} {element.Word1:x8} @{element.Address:x}"),
    };

    private static string Invariant(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
