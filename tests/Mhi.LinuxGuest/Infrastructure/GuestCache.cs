using System;
using System.IO;

namespace Mhi.LinuxGuest.Infrastructure;

/// <summary>The folder that <c>eng/linux-guest/prepare.sh</c> makes: a root directory with QEMU, and the kernels in it.</summary>
internal static class GuestCache
{
    private const string Script = "eng/linux-guest/prepare.sh";

    /// <summary>The directory QEMU sees as its root.</summary>
    public static string Root => Path.Combine(Folder, "root");

    /// <summary>Why no guest can run here, or null when one can.</summary>
    public static string? ReasonNotToRun
    {
        get
        {
            if (Environment.GetEnvironmentVariable("MHI_GUEST_SKIP") is { Length: > 0 } reason)
            {
                return reason;
            }

            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            {
                return "The guest's QEMU runs under chroot, and that needs root.";
            }

            // Set where the guest was just prepared: the tests then run, and say themselves what is missing.
            if (Environment.GetEnvironmentVariable("MHI_GUEST_REQUIRED") is { Length: > 0 })
            {
                return null;
            }

            return IsReady ? null : NotReady;
        }
    }

    private static bool IsReady => File.Exists(Path.Combine(Folder, "ready"));

    private static string NotReady => $"The guest is not prepared ({Folder} has no stamp): run {Script} as root.";

    private static string Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("MHI_GUEST_CACHE") is { Length: > 0 } folder)
            {
                return folder;
            }

            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set ? set : Path.Combine(home, ".cache");
            return Path.Combine(caches, "mhi", "linux-guest");
        }
    }

    /// <summary>A new folder inside the root, for the files of one boot.</summary>
    /// <returns>Its path outside the root; inside, it is <see cref="InsideRoot"/>.</returns>
    public static string CreateRunFolder() => IsReady
        ? Directory.CreateDirectory(Path.Combine(Root, "guests", Guid.NewGuid().ToString("N")[..8])).FullName
        : throw new InvalidOperationException(NotReady);

    /// <summary>A path as QEMU sees it.</summary>
    /// <param name="path">The path outside.</param>
    /// <returns>The path inside the root.</returns>
    public static string InsideRoot(string path) => "/" + Path.GetRelativePath(Root, path);
}
