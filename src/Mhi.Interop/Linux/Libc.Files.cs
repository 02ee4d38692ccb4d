using System.Runtime.InteropServices;

namespace Mhi.Interop.Linux;

/// <summary>statx(2), whose structure is the same on every architecture, and fcntl(2).</summary>
internal static unsafe partial class Libc
{
    internal const int AtEmptyPath = 0x1000;
    internal const uint StatusBasic = 0x7ff;
    internal const int FileTypeMask = 0xf000;
    internal const int FileTypeRegular = 0x8000;
    internal const int FileTypeSocket = 0xc000;
    internal const int AtCurrentFolder = -100;
    internal const int AtNoFollow = 0x100;
    internal const int GetFlags = 3;
    internal const int SetFlags = 4;
    internal const int DuplicateCloseOnExec = 1030;
    internal const int AddSeals = 1033;
    internal const int SealSeal = 1;
    internal const int SealShrink = 2;
    internal const int NonBlocking = 0x800;
    internal const int ErrorAccess = 13;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    internal static partial int Status(int directory, byte* path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Control(int descriptor, int command, int argument);

    /// <summary>The fields used of struct statx, which has 256 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct FileStatus
    {
        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(40)]
        internal ulong Size;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
