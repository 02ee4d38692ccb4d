using System.Linq;
using Mhi.Generators.Tests.Infrastructure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mhi.Generators.Tests.Profiles;

/// <summary>Runs the profile generator on files in memory.</summary>
internal static class ProfileHost
{
    public const string Path = "profiles/acme-m1.json";

    public const string Content =
        """
        {
          "id": "acme-m1",
          "description": "Acme M1 & M2",
          "pciIds": [
            { "order": 1, "vendor": "0x17cb", "device": "0x0308", "subsystemVendor": "0x18d7", "label": "M1" },
            { "order": 0, "vendor": "0x1eac", "device": "0x1001", "subsystemVendor": "0x18d7", "subsystemDevice": "0x0001" }
          ],
          "timeoutMs": 8000,
          "dmaAddressBits": 32,
          "edlTrigger": true,
          "channels": [
            { "number": 33, "name": "DUN", "direction": "downlink", "elements": 32, "eventRing": 0 },
            { "number": 32, "name": "DUN", "direction": "uplink", "elements": 32, "eventRing": 0 },
            { "number": 34, "name": "FIREHOSE", "direction": "uplink", "elements": 4, "eventRing": 1, "environment": "fp", "burst": true }
          ],
          "eventRings": [
            { "elements": 128, "control": true },
            { "elements": 1024, "moderationMs": 1, "hardware": true }
          ]
        }
        """;

    public static GeneratorDriver Driver(params ChannelFile[] files) => CSharpGeneratorDriver.Create(
        [new ProfileGenerator().AsSourceGenerator()],
        files,
        GeneratorHost.ParseOptions,
        new ProjectOptions(GeneratorHost.RootNamespace),
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static GeneratorRunResult Run(params ChannelFile[] files) =>
        Driver(files).RunGenerators(GeneratorHost.Compilation()).GetRunResult().Results.Single();

    public static GeneratorRunResult Run(string content) => Run(new ChannelFile(content, Path));
}
