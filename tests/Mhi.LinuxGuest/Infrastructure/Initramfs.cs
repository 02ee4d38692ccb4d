using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>The guest's root file system: the prepared archive of its kernel, and the files of one boot behind it.</summary>
internal static class Initramfs
{
    /// <summary>Writes it.</summary>
    /// <param name="options">What the boot is made of.</param>
    /// <param name="path">Where to.</param>
    public static void Write(GuestOptions options, string path)
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
        archive.AddFile("scenarios/settings", Encoding.ASCII.GetBytes(Settings(options, Path.GetDirectoryName(path)!)));
        var files = new Dictionary<string, byte[]>();
        foreach ((string name, byte[] contents) in options.Firmware)
        {
            files.Add("lib/firmware/" + name, contents);
        }

        foreach ((string name, string source) in GuestPrograms.WithLibraries(options.Programs).Concat(options.Files))
        {
            files.Add(name, File.ReadAllBytes(source));
        }

        AddFiles(archive, files);
        archive.Complete();
    }

    private static string Settings(GuestOptions options, string folder)
    {
        string socket = GuestCache.InsideRoot(Path.Combine(folder, EndpointProgram.SocketName));
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"GUEST_SECONDS={(int)options.TimeLimit.TotalSeconds}\nMODEM_SOCKET='{socket}'\n");
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
