using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Writes the files of a boot and QEMU's command line for it.</summary>
internal static class Qemu
{
    /// <summary>The file with what the scenarios report.</summary>
    public const string ReportName = "report.log";

    /// <summary>The file with the kernel's console.</summary>
    public const string ConsoleName = "console.log";

    private const string InitramfsName = "initramfs";
    private const string MonitorName = "monitor.sock";

    /// <summary>Starts the guest.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="folder">The folder of the run, inside the root QEMU sees.</param>
    /// <param name="asked">Told each line that a scenario writes to the port for requests to this side.</param>
    /// <returns>The running QEMU.</returns>
    public static ChildProcess Start(GuestOptions options, string folder, Action<string> asked)
    {
        Initramfs.Write(options, Path.Combine(folder, InitramfsName));
        return ChildProcess.Start("chroot", [GuestCache.Root, "qemu-system-x86_64", .. Arguments(options, folder)],
            folder, Path.Combine(folder, "qemu.log"), asked);
    }

    private static List<string> Arguments(GuestOptions options, string folder)
    {
        string inside = GuestCache.InsideRoot(folder);
        string memory = options.MemoryMegabytes.ToString(CultureInfo.InvariantCulture);
        string share = options.SharedMemory ? "on" : "off";
        List<string> arguments =
        [
            "-accel", "tcg", "-cpu", "max", "-m", memory + "M", "-smp", options.Cpus.ToString(CultureInfo.InvariantCulture),
            "-machine", "q35,memory-backend=mem" + (options.Iommu ? ",kernel-irqchip=split" : string.Empty),
            "-object", options.SharedMemory
                ? $"memory-backend-memfd,id=mem,size={memory}M,share={share}"
                : $"memory-backend-ram,id=mem,size={memory}M,share={share}",
            "-display", "none", "-vga", "none", "-nic", "none", "-no-reboot", "-monitor", "none",
            "-serial", $"file:{inside}/{ConsoleName}", "-serial", $"file:{inside}/{ReportName}",
        ];
        arguments.AddRange(PortsToAsk(inside));
        if (options.Iommu)
        {
            // The IOMMU has to come before the devices it translates for.
            arguments.AddRange(["-device", "intel-iommu,caching-mode=on,intremap=" + (options.InterruptRemapping ? "on" : "off")]);
        }

        if (options.Profile is not null)
        {
            arguments.AddRange(Slot(options.Slot, inside));
        }

        if (options.Stray)
        {
            arguments.AddRange(["-device", Function("stray", bus: null, inside, StrayEndpoint.SocketName)]);
        }

        string iommu = options.Iommu ? " intel_iommu=on" : string.Empty;

        // no_timer_check: the kernel looks for timer interrupts in a short loop, finds none when this machine is busy
        // elsewhere just then, and panics with "IO-APIC + timer doesn't work!".
        arguments.AddRange(
        [
            "-kernel", $"/kernels/{options.Kernel}/vmlinuz", "-initrd", $"{inside}/{InitramfsName}",
            "-append", "console=ttyS0 quiet panic=-1 no_timer_check log_buf_len=8M" + iommu,
        ]);
        return arguments;
    }

    // Two serial ports by which the guest asks for something: ttyS2 is QEMU's own monitor, ttyS3 is its standard output. Each has
    // an interrupt line of its own: QEMU does not join those that ports of a PC share.
    private static string[] PortsToAsk(string inside) =>
    [
        "-qmp", $"unix:{inside}/{MonitorName},server=on,wait=off",
        "-chardev", $"socket,id=to-monitor,path={inside}/{MonitorName}", "-device", "isa-serial,index=2,irq=5,chardev=to-monitor",
        "-chardev", "stdio,id=requests,signal=off", "-device", "isa-serial,index=3,irq=7,chardev=requests",
    ];

    private static string[] Slot(GuestSlot slot, string inside) => slot switch
    {
        GuestSlot.RootPort =>
        [
            "-device", "pcie-root-port,id=above,chassis=1",
            "-device", Function("modem", "above", inside, EndpointProgram.SocketName),
        ],
        GuestSlot.SharedBridge =>
        [
            "-device", "pcie-pci-bridge,id=bridge",
            "-device", Function("modem", "bridge", inside, EndpointProgram.SocketName),
            "-device", "pci-serial,bus=bridge",
        ],
        _ => ["-device", Function("modem", bus: null, inside, EndpointProgram.SocketName)],
    };

    // A socket is an object, which the other form of the option cannot say.
    private static string Function(string id, string? bus, string inside, string socket)
    {
        string place = bus is null ? string.Empty : $"\"bus\":\"{bus}\",";
        return $$$"""{"driver":"vfio-user-pci","id":"{{{id}}}",{{{place}}}"socket":{"type":"unix","path":"{{{inside}}}/{{{socket}}}"}}""";
    }
}
