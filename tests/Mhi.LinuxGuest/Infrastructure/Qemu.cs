using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>Writes the files of a boot and QEMU's command line for it.</summary>
internal static class Qemu
{
    /// <summary>The file with what the scenarios report.</summary>
    public const string ReportName = "report.log";

    /// <summary>The file with the kernel's console.</summary>
    public const string ConsoleName = "console.log";

    private const string InitramfsName = "initramfs";
    private const int MemoryMegabytes = 512;

    /// <summary>Starts the guest.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="folder">The folder of the run, inside the root QEMU sees.</param>
    /// <returns>The running QEMU.</returns>
    public static ChildProcess Start(GuestOptions options, string folder)
    {
        WriteInitramfs(options, Path.Combine(folder, InitramfsName));
        return ChildProcess.Start("chroot", [GuestCache.Root, "qemu-system-x86_64", .. Arguments(options, folder)],
            folder, Path.Combine(folder, "qemu.log"));
    }

    private static List<string> Arguments(GuestOptions options, string folder)
    {
        string inside = GuestCache.InsideRoot(folder);
        string memory = MemoryMegabytes.ToString(CultureInfo.InvariantCulture);
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
        if (options.Iommu)
        {
            // The IOMMU has to come before the devices it translates for.
            arguments.AddRange(["-device", "intel-iommu,intremap=on,caching-mode=on"]);
        }

        if (options.Profile is not null)
        {
            arguments.AddRange(
            [
                "-device",
                $$$"""{"driver":"vfio-user-pci","socket":{"path":"{{{inside}}}/{{{EndpointProgram.SocketName}}}","type":"unix"}}""",
            ]);
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

    private static void WriteInitramfs(GuestOptions options, string path)
    {
        using FileStream output = File.Create(path);
        using (FileStream prepared = File.OpenRead(Path.Combine(GuestCache.Root, "kernels", options.Kernel, "initramfs.gz")))
        {
            prepared.CopyTo(output);
        }

        // The kernel looks for the next archive at a multiple of four.
        output.Write(new byte[-output.Length & 3]);
        var archive = new CpioArchive(output);
        archive.AddFile("init", File.ReadAllBytes(Path.Combine(ScenarioFile.Folder, "init")));
        archive.AddFolder("scenarios");
        foreach (string file in Directory.EnumerateFiles(ScenarioFile.Folder, "*.sh"))
        {
            archive.AddFile("scenarios/" + Path.GetFileName(file), File.ReadAllBytes(file));
        }

        archive.AddFile("scenarios/list", Encoding.ASCII.GetBytes(string.Join('\n', options.Scenarios) + '\n'));
        archive.AddFile("scenarios/settings", Encoding.ASCII.GetBytes(Settings(options)));
        var files = new Dictionary<string, byte[]>();
        foreach ((string name, byte[] contents) in options.Firmware)
        {
            files.Add("lib/firmware/" + name, contents);
        }

        foreach ((string name, string source) in GuestPrograms.WithLibraries(options.Programs))
        {
            files.Add(name, File.ReadAllBytes(source));
        }

        AddFiles(archive, files);
        archive.Complete();
    }

    private static string Settings(GuestOptions options)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"GUEST_SECONDS={(int)options.TimeLimit.TotalSeconds}\n");
        foreach ((string name, string value) in options.Settings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}='{value}'\n");
        }

        return text.ToString();
    }

    private static void AddFiles(CpioArchive archive, Dictionary<string, byte[]> files)
    {
        var folders = new HashSet<string>();
        foreach ((string path, byte[] contents) in files)
        {
            for (int slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            {
                if (folders.Add(path[..slash]))
                {
                    archive.AddFolder(path[..slash]);
                }
            }

            archive.AddFile(path, contents);
        }
    }
}
