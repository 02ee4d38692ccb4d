using System;
using System.Collections.Generic;
using System.IO;
using Mhi.Pci;

namespace Mhi.Runtime.Tests.Infrastructure;

/// <summary>What the kernel does with the writes of a binder, in a made tree.</summary>
public sealed class BindingKernel(SysfsTree tree)
{
    /// <summary>The driver that wants a function by its identity.</summary>
    public string? UsualDriver { get; set; } = "mhi-pci-generic";

    /// <summary>A driver whose probe fails.</summary>
    public string? RefusingDriver { get; set; }

    /// <summary>Called before each write; may throw as the kernel would.</summary>
    public Action<SysfsWrite>? Before { get; set; }

    public List<SysfsWrite> Writes { get; } = [];

    public void Write(SysfsWrite write)
    {
        Before?.Invoke(write);
        Writes.Add(write);
        switch (Path.GetFileName(write.Path))
        {
            case "unbind":
                tree.Unbind(write.Value);
                break;
            case "driver_override":
                File.WriteAllText(write.Path, write.Value.Length == 0 ? "(null)\n" : write.Value + "\n");
                break;
            default:
                Probe(write.Value);
                break;
        }
    }

    private void Probe(string address)
    {
        string wanted = tree.Read($"bus/pci/devices/{address}/driver_override").Trim();
        string? driver = wanted == "(null)" ? UsualDriver : wanted;
        if (tree.DriverOf(address) is null && driver is not null && driver != RefusingDriver && tree.Bus.HasDriver(driver))
        {
            tree.Bind(address, driver);
        }
    }
}
