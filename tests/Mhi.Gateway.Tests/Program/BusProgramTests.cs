using System.Text.Json;
using Mhi.Gateway.Tests.Infrastructure;
using Xunit;

namespace Mhi.Gateway.Tests.Program;

/// <summary>The commands for PCI functions on this machine, whatever it has.</summary>
public sealed class BusProgramTests
{
    [Theory]
    [InlineData("list --json")]
    [InlineData("list --all --json")]
    public void List_AsJson_IsAnArray(string arguments)
    {
        MhiRun run = MhiProgram.Run(arguments);

        run.AssertDone();
        using JsonDocument json = JsonDocument.Parse(run.Text);
        Assert.Equal(JsonValueKind.Array, json.RootElement.ValueKind);
    }

    [Theory]
    [InlineData("bind ffff:ff:1f.7")]
    [InlineData("bind ffff:ff:1f.7 --dry-run")]
    [InlineData("unbind ffff:ff:1f.7")]
    public void Binding_OfNoSuchFunction_IsRefused(string arguments)
    {
        MhiRun run = MhiProgram.Run(arguments);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("There is no PCI ", run.Error, System.StringComparison.Ordinal);
        Assert.Equal("", run.Text);
    }

    [Theory]
    [InlineData("bind modem", "'modem' is no PCI address, such as 0000:01:00.0; `mhi list` prints those of MHI devices.")]
    [InlineData("unbind 01:00", "'01:00' is no PCI address, such as 0000:01:00.0; `mhi list` prints those of MHI devices.")]
    [InlineData("bind 01:00.0 --driver ../x", "--driver must be the name of a driver, such as vfio-pci, not '../x'.")]
    public void Arguments_ThatAreNoAddressOrDriver_AreRefused(string arguments, string sentence) =>
        MhiProgram.Run(arguments).AssertFailed(2, sentence);
}
